"""Which fields of the source reach the learner: dotted path → the frame columns that are made of it.

A test holds that every column of `scoring.ml.schema` is here. A field that is not here is judged as well; it
stops no run, because nothing draws on it.
"""

from collections.abc import Mapping

_TEXTS_OF_A_JOB = ("jobs.must_skills", "jobs.nice_skills")
_TEXTS_OF_A_PERSON = ("candidates.skills", "candidates.implied_skills", "candidates.has_profile")

FIELDS_READ: Mapping[str, tuple[str, ...]] = {
    "applicants.infos_basicas.email": ("candidates.email",),
    "applicants.informacoes_pessoais.email": ("candidates.email",),
    "applicants.infos_basicas.telefone": ("candidates.phone",),
    "applicants.informacoes_pessoais.telefone_celular": ("candidates.phone",),
    "applicants.informacoes_pessoais.url_linkedin": ("candidates.linkedin_url",),
    "applicants.infos_basicas.local": ("candidates.city", "candidates.state"),
    "applicants.infos_basicas.objetivo_profissional": ("candidates.headline", *_TEXTS_OF_A_PERSON),
    "applicants.informacoes_profissionais.titulo_profissional": (
        "candidates.headline",
        *_TEXTS_OF_A_PERSON,
    ),
    "applicants.informacoes_profissionais.area_atuacao": ("candidates.area_labels",),
    "applicants.informacoes_profissionais.conhecimentos_tecnicos": (
        "candidates.technical_knowledge",
        *_TEXTS_OF_A_PERSON,
    ),
    "applicants.informacoes_profissionais.certificacoes": (
        "candidates.certifications",
        "candidates.skills",
    ),
    "applicants.informacoes_profissionais.outras_certificacoes": (
        "candidates.other_certifications",
        "candidates.skills",
    ),
    "applicants.informacoes_profissionais.nivel_profissional": ("candidates.seniority",),
    "applicants.informacoes_profissionais.remuneracao": ("candidates.salary_monthly",),
    "applicants.formacao_e_idiomas.nivel_academico": ("candidates.education", "candidates.has_profile"),
    "applicants.formacao_e_idiomas.nivel_ingles": ("candidates.english",),
    "applicants.formacao_e_idiomas.nivel_espanhol": ("candidates.spanish",),
    "applicants.formacao_e_idiomas.outro_idioma": ("candidates.other_language",),
    "applicants.cv_pt.characters": ("candidates.cv_text", *_TEXTS_OF_A_PERSON),
    "applicants.cv_en.characters": ("candidates.cv_text", *_TEXTS_OF_A_PERSON),
    "vagas.informacoes_basicas.titulo_vaga": ("jobs.title", *_TEXTS_OF_A_JOB),
    "vagas.informacoes_basicas.cliente": ("jobs.client",),
    "vagas.informacoes_basicas.data_requisicao": ("jobs.requested_on",),
    "vagas.informacoes_basicas.vaga_sap": ("jobs.sap",),
    "vagas.informacoes_basicas.tipo_contratacao": ("jobs.contract_types",),
    "vagas.informacoes_basicas.prioridade_vaga": ("jobs.priority",),
    "vagas.informacoes_basicas.origem_vaga": ("jobs.origin",),
    "vagas.perfil_vaga.cidade": ("jobs.city",),
    "vagas.perfil_vaga.estado": ("jobs.state",),
    "vagas.perfil_vaga.nivel profissional": ("jobs.seniority",),
    "vagas.perfil_vaga.nivel_academico": ("jobs.education",),
    "vagas.perfil_vaga.nivel_ingles": ("jobs.english",),
    "vagas.perfil_vaga.nivel_espanhol": ("jobs.spanish",),
    "vagas.perfil_vaga.areas_atuacao": ("jobs.area_labels",),
    "vagas.perfil_vaga.principais_atividades": ("jobs.activities", *_TEXTS_OF_A_JOB),
    "vagas.perfil_vaga.competencia_tecnicas_e_comportamentais": ("jobs.competences", *_TEXTS_OF_A_JOB),
    "vagas.perfil_vaga.demais_observacoes": (*_TEXTS_OF_A_JOB, "jobs.salary_monthly"),
    "vagas.perfil_vaga.habilidades_comportamentais_necessarias": (*_TEXTS_OF_A_JOB, "jobs.salary_monthly"),
    "vagas.beneficios.valor_compra_1": ("jobs.salary_monthly",),
    "prospects.data_candidatura": ("pairs.as_of",),
}
