"""What people have decided of fields: closed lists, each entry with its reason.

A reason is a message id. An entry covers the field of that name and what is below it ("a.b" covers "a.b.c").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scoring.ml.job_record import JOB_RECORD
from scoring.ml.usual_pay import JOB_PAY, WISH_TO_PAY

AFTER: Final = "filled in or changed after the outcome"
IDENTITY: Final = "names a person who worked on the job; a habit of one person is no fact about a candidate"
PERSONAL: Final = "says who somebody is, not what they can do"

# Never read by any feature, whatever the figures say.
KNOWN: Final[Mapping[str, str]] = {
    "prospects.modalidade": AFTER,
    "prospects.ultima_atualizacao": AFTER,
    "prospects.comentario": AFTER,
    "prospects.recrutador": IDENTITY,
    "vagas.informacoes_basicas.solicitante_cliente": IDENTITY,
    "vagas.informacoes_basicas.requisitante": IDENTITY,
    "vagas.informacoes_basicas.analista_responsavel": IDENTITY,
    "vagas.informacoes_basicas.superior_imediato": IDENTITY,
    "vagas.informacoes_basicas.nome": IDENTITY,
    "vagas.informacoes_basicas.telefone": IDENTITY,
    "vagas.informacoes_basicas.nome_substituto": IDENTITY,
    "applicants.infos_basicas.inserido_por": IDENTITY,
    "applicants.infos_basicas.data_atualizacao": AFTER,
    "applicants.informacoes_pessoais.data_aceite": AFTER,
    "applicants.informacoes_profissionais.qualificacoes": AFTER,
    "applicants.informacoes_profissionais.experiencias": AFTER,
    "applicants.cargo_atual": AFTER,
    "applicants.infos_basicas.nome": PERSONAL,
    "applicants.infos_basicas.codigo_profissional": PERSONAL,
    "applicants.informacoes_pessoais.nome": PERSONAL,
    "applicants.informacoes_pessoais.endereco": PERSONAL,
    "applicants.informacoes_pessoais.cpf": PERSONAL,
    "applicants.informacoes_pessoais.facebook": PERSONAL,
    "applicants.informacoes_pessoais.skype": PERSONAL,
}

# Words that no feature's name may contain a whole part of: the source's and this program's names for what is
# never learned from. The list of features is closed anyway; this catches a slip in the list itself.
FORBIDDEN: Final = frozenset(
    {
        *("modalidade", "modality", "ultima_atualizacao", "updated_on", "data_atualizacao", "comentario"),
        *("comment", "situacao_candidado", "source_status", "outcome", "stage", "recrutador", "recruiter"),
        *("cargo_atual", "qualificacoes", "experiencias", "requisitante", "solicitante_cliente"),
        *("analista_responsavel", "sexo", "sex", "data_nascimento", "birth_date", "estado_civil"),
        *("marital_status", "pcd", "disability", "nome", "name", "foto", "photo", "endereco"),
    }
)


@dataclass(frozen=True)
class Review:
    """Somebody looked at how the field comes about. `limit`: the lower end of an AUC, overall or inside
    jobs, beyond which the review no longer covers it: then it was computed wrongly."""

    reason: str
    limit: float = 1.0


_TEXTS: Final = Review(
    "computed from what the job asks and what the CV says, both written before; where skills decide, it "
    "should be strong",
    limit=0.85,
)
_RATES: Final = Review(
    "a hire rate counted only over outcomes known strictly before the day of the application", limit=0.85
)
_PAY: Final = Review(
    "a pay stated when a job was requested: its own, else that of jobs requested strictly before it; where "
    "wishes decide, it should be strong",
    limit=0.85,
)
_PLAN: Final = Review("a plan, written when the job is requested; later than the application by its nature")

REVIEWED: Final[Mapping[str, Review]] = {
    **dict.fromkeys(
        (
            *("must_skills_share", "must_skills_found", "must_skills_missing", "must_skills_named"),
            *("nice_skills_share", "nice_skills_found", "sap_match", "area_overlap", "headline_area_overlap"),
            *("text_similarity", "title_similarity", "headline_text_similarity", "title_in_cv"),
        ),
        _TEXTS,
    ),
    **dict.fromkeys(JOB_RECORD, _RATES),
    **dict.fromkeys((JOB_PAY, WISH_TO_PAY, "salary_ratio"), _PAY),
    "vagas.informacoes_basicas.data_final": _PLAN,
    "vagas.informacoes_basicas.data_inicial": _PLAN,
    "vagas.informacoes_basicas.limite_esperado_para_contratacao": _PLAN,
    "vagas.informacoes_basicas.cliente": Review(
        "known when the job is requested; some clients take nearly everybody they are sent", limit=0.90
    ),
}


def known_reason(field: str) -> str | None:
    """Why the field is never read, when it or what it is part of is on the list."""
    return next((reason for name, reason in KNOWN.items() if _covers(name, field)), None)


def _covers(name: str, field: str) -> bool:
    return field == name or field.startswith((f"{name}.", f"{name} "))
