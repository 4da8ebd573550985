"""What the schema shows; nobody real."""

from typing import Any

REQUIREMENT = {"id": 71, "kind": "skill", "value": "java", "must": True, "quote": "Java 17", "text": "Java"}
NEW_JOB: dict[str, Any] = {
    "code": "ATS-204",
    "title": "Desenvolvedor Java Sênior",
    "client": "Banco Exemplo",
    "city": "Recife",
    "state": "Pernambuco",
    "competences": "Java 17, Spring Boot, SQL. Desejável: Kafka.",
    "seniority": "senior",
    "salary_monthly": "14000.00",
    "requested_on": "2026-03-02",
}
JOB: dict[str, Any] = {
    **NEW_JOB,
    "status": "open",
    "is_stub": False,
    "deadline_on": None,
    "country": "",
    "education": "",
    "english": "",
    "spanish": "",
    "other_language": "",
    "area_labels": [],
    "contract_types": [],
    "sap": False,
    "reserved_for_disabled": False,
    "priority": "",
    "origin": "",
    "purpose": "",
    "activities": "",
    "remarks": "",
    "modality": "",
    "blind": False,
    "reveal_stage": "",
    "created_at": "2026-03-02T12:00:00-03:00",
    "updated_at": "2026-03-02T12:00:00-03:00",
    "edited_at": "2026-03-02T12:00:00-03:00",
}
PROSPECT = {
    "id": 5012,
    "job": "ATS-204",
    "candidate": "C-311",
    "stage": "screening",
    "outcome": "in_flight",
    "applied_on": "2026-03-05",
    "updated_on": None,
    "stage_since": "2026-03-06T09:30:00-03:00",
    "recruiter": "",
    "comment": "",
    "source_status": "",
    "created_at": "2026-03-05T10:00:00-03:00",
    "updated_at": "2026-03-06T09:30:00-03:00",
}
MOVED = {"prospect": PROSPECT, "moved": True, "batch": "0b1d6d3c-8e7a-4f0f-9c5f-0a2b7c1d9e34"}
STEP = {
    "id": 9301,
    "from_stage": "applied",
    "to_stage": "screening",
    "changed_at": "2026-03-06T09:30:00-03:00",
    "changed_by": 4,
    "source": "api",
    "reason_code": "",
    "reason": "",
    "batch": "0b1d6d3c-8e7a-4f0f-9c5f-0a2b7c1d9e34",
    "undone": False,
}
IMPORT = {
    "id": 12,
    "state": "running",
    "step": "Finding skills in CVs",
    "progress": 0.46,
    "error": "",
    "files": [{"kind": "applicants", "name": "applicants.json", "bytes": 183746, "sha256": "9f86d0818…"}],
    "counts": {"applicants": {"read": 300, "created": 300, "updated": 0, "unchanged": 0, "rejected": 0}},
    "queued_at": "2026-03-06T09:30:00-03:00",
    "started_at": "2026-03-06T09:30:02-03:00",
    "finished_at": None,
}
REJECTED = {
    "id": 7,
    "kind": "applicants",
    "key": "31001",
    "field": "infos_basicas",
    "reason": "It is no object.",
}
BULK = {
    "results": [{"index": 0, "status": "created", "code": "ATS-204", "errors": []}],
    "counts": {"created": 1, "updated": 0, "unchanged": 0, "failed": 0},
}
