"""Examples of the schema and the documentation; the people in them do not exist."""

from typing import Any

CANDIDATE: dict[str, Any] = {
    "code": "31001",
    "is_stub": False,
    "name": "Ana Exemplo",
    "email": "ana@example.com",
    "phone": "(81) 90000-0000",
    "linkedin_url": "",
    "city": "Recife",
    "state": "Pernambuco",
    "headline": "Desenvolvedora Java",
    "seniority": "senior",
    "area_labels": ["TI - Desenvolvimento/Programação"],
    "technical_knowledge": "Java, Spring Boot, SQL",
    "education": "bachelor_complete",
    "english": "advanced",
    "spanish": "",
    "other_language": "",
    "certifications": "",
    "other_certifications": "",
    "salary_monthly": "9000.00",
    "salary_hourly": None,
    "salary_text": "",
    "has_cv": True,
    "origin": "import",
    "hidden": None,
    "source_created_at": "2025-11-03T12:00:00Z",
    "source_updated_at": None,
    "created_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-10T12:00:00Z",
}
HIDDEN: dict[str, Any] = CANDIDATE | {
    "code": "~K7QXM2RTABC",
    "name": None,
    "email": None,
    "phone": None,
    "linkedin_url": None,
    "hidden": "identity",
}
PROFILE: dict[str, Any] = {
    "skills": [{"id": "java", "label": "Java", "quote": "desenvolvedora java com experiência em spring"}],
    "extractor": "taxonomy",
    "version": "4b1d2c3a5e6f",
    "read_at": "2026-03-10T12:00:00Z",
}
NEW: dict[str, Any] = {
    "code": "ats-77",
    "name": "Ana Exemplo",
    "email": "ana@example.com",
    "city": "Recife",
    "seniority": "senior",
    "salary_monthly": "9000.00",
    "cv_text": "Desenvolvedora Java com dez anos de experiência.",
}
BULK_SENT: dict[str, Any] = {
    "items": [NEW, {"code": "ats-78", "name": "Rui Exemplo", "email": "rui.example.com"}]
}
BULK: dict[str, Any] = {
    "results": [
        {"index": 0, "status": "created", "code": "ats-77", "errors": []},
        {
            "index": 1,
            "status": "failed",
            "code": "ats-78",
            "errors": [
                {
                    "field": "email",
                    "code": "invalid",
                    "detail": "This is no e-mail address. One looks like ana@example.com.",
                    "got": "text",
                }
            ],
        },
    ],
    "counts": {"created": 1, "updated": 0, "unchanged": 0, "failed": 1},
}
DOCUMENT: dict[str, Any] = {
    "id": 81,
    "candidate": "31001",
    "job": "",
    "batch": "6f1f5b0e-6d0c-4a51-9c3a-1f5a1c2b7d10",
    "name": "cv.pdf",
    "media_type": "application/pdf",
    "size": 48213,
    "sha256": "4b1d2c3a5e6f7a8b4b1d2c3a5e6f7a8b4b1d2c3a5e6f7a8b4b1d2c3a5e6f7a8b",
    "pages": 2,
    "state": "parsed",
    "problem": None,
    "uploaded_by": "integration",
    "created_at": "2026-03-10T12:00:00Z",
}
UPLOADED: dict[str, Any] = {
    "batch": DOCUMENT["batch"],
    "documents": [DOCUMENT | {"state": "queued", "pages": None, "media_type": ""}],
}
