"""A job as the vagas file keeps it, and a job's list as the prospects file keeps it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from jobs.generator.catalogue import clients, places, staff
from jobs.generator.grammar import Weighted, chance, phrase_file, pick
from jobs.generator.outcomes import Outcome
from jobs.generator.vacancy import Vacancy
from jobs.generator.vacancy_text import VacancyWriter
from jobs.generator.world import World

COMPANY = "Umbuzeiro"  # an invented name, in the place of the real company's
PROSPECT_TITLE_LIMIT = 102
_PRIORITY = Weighted(
    {
        "Alta: Alta complexidade 3 a 5 dias": 6253,
        "": 3206,
        "Média: Média complexidade 6 a 10 dias": 747,
        "Baixa: Baixa complexidade 11 a 30 dias": 316,
    }
)
_PURPOSE = Weighted(
    {"Contratação": 8038, "": 2361, "Prospecção": 83, "RFP": 37, "Parcerias": 3, "Ordem de Serviço": 2}
)
_OTHER_LANGUAGE = (
    "Português Fluente",
    "Português Avançado",
    "Mandarim - Desejável",
    "Francês Fluente",
    "Português Básico",
)
_HOURS = (
    "9/18",
    "09:00 as 18:00",
    "Comercial",
    "9 as 18",
    "9 às 18 hs",
    "08:30 às 12:30 hrs / 14:00 às 18:00 hrs",
    "Horário Comercial",
)
_EQUIPMENT = Weighted(
    {
        "": 62,
        "Nenhum -": 17,
        "Notebook padrão -": 16,
        "Outro -": 0.6,
        "Notebook top -": 0.1,
        "Outro - Nenhum -": 0.1,
    }
)


def job_title(world: World, job: Vacancy) -> str:
    return VacancyWriter(job, world.stream("title", job.index)).title()


def vacancy_record(world: World, job: Vacancy) -> dict[str, dict[str, str]]:
    rng = world.stream("requisition", job.index)
    return {
        "informacoes_basicas": _basics(rng, world, job),
        "perfil_vaga": _profile(rng, world, job),
        "beneficios": _benefits(rng, job),
    }


def _basics(rng: random.Random, world: World, job: Vacancy) -> dict[str, str]:
    term = rng.choices(("Indeterminado", "", "Determinado"), (38, 34, 28))[0]
    record = {
        "data_requicisao": f"{job.requested:%d-%m-%Y}",
        "limite_esperado_para_contratacao": _limit(rng, job.requested),
        "titulo_vaga": job_title(world, job),
        "vaga_sap": "Sim" if job.work.family == "sap" and chance(rng, 0.16) else "Não",
        "cliente": clients()[job.client],
        "solicitante_cliente": staff(311, "requesters")[(job.client * 7 + int(rng.expovariate(0.7))) % 311],
        "empresa_divisao": f"{COMPANY} {'São Paulo' if chance(rng, 0.9) else 'Campinas'}",
        "requisitante": staff(24, "managers")[min(23, int(rng.expovariate(1 / 6)))],
        "analista_responsavel": staff(77, "recruiters")[min(62, int(rng.expovariate(1 / 14)))],
        "tipo_contratacao": job.contract,
        "prazo_contratacao": term,
        "objetivo_vaga": _PURPOSE.draw(rng),
        "prioridade_vaga": _PRIORITY.draw(rng),
        "origem_vaga": job.origin,
        "superior_imediato": "Superior Imediato:",
    }
    substitute = (
        {"nome_substituto": pick(rng, staff(311, "requesters"))} if job.origin == "Substituição" else {}
    )
    if term == "Determinado":
        if substitute:
            del record["superior_imediato"]
        return record | _term(rng, job.requested) | substitute
    return record | {"nome": ""} | (substitute or {"telefone": ""})


def _limit(rng: random.Random, requested: date) -> str:
    roll = rng.random()
    if roll < 0.45:
        return "00-00-0000"
    if roll < 0.467:
        return "01-01-1970"
    return f"{requested + timedelta(days=int(rng.expovariate(1 / 20))):%d-%m-%Y}"


def _term(rng: random.Random, requested: date) -> dict[str, str]:
    roll = rng.random()
    if roll < 0.05:
        return {"data_inicial": "30-11-0001", "data_final": "30-11-0001"}
    if roll < 0.062:
        return {"data_inicial": "00-00-0000", "data_final": "00-00-0000"}
    first = requested + timedelta(days=5 + int(rng.expovariate(1 / 15)))
    last = first + timedelta(days=int(pick(rng, (90, 120, 180, 180, 365))) - 1)
    return {"data_inicial": f"{first:%d-%m-%Y}", "data_final": f"{last:%d-%m-%Y}"}


def _profile(rng: random.Random, world: World, job: Vacancy) -> dict[str, str]:
    place, writer = places()[job.place], VacancyWriter(job, world.stream("texts", job.index))
    district, region = phrase_file("world")["places"]["district"], phrase_file("world")["places"]["region"]
    activities, competences = writer.texts()
    record = {
        "pais": "Brasil",
        "estado": place.state,
        "cidade": place.city if chance(rng, 0.995) else "",
        "bairro": pick(rng, district) if chance(rng, 0.08) else "",
        "regiao": pick(rng, region) if chance(rng, 0.1) else "",
        "local_trabalho": "2000" if chance(rng, 0.88) else "1000",
        "vaga_especifica_para_pcd": _reserved(rng, job),
        "faixa_etaria": "De: Até:" if chance(rng, 0.999) else "De: 18 Até: 45",
        "horario_trabalho": pick(rng, _HOURS) if chance(rng, 0.012) else "",
        "nivel profissional": job.level,
        "nivel_academico": job.education,
        "nivel_ingles": job.english,
        "nivel_espanhol": job.spanish,
        "outro_idioma": pick(rng, _OTHER_LANGUAGE) if chance(rng, 0.01) else "",
        "areas_atuacao": "".join(f"{label}-" for label in job.areas),
        "principais_atividades": activities,
        "competencia_tecnicas_e_comportamentais": competences,
        "demais_observacoes": writer.remarks(),
        "viagens_requeridas": rng.choices(("", "Não", "Sim"), (53, 44, 3))[0],
    }
    if chance(rng, 0.77):
        return record | {"equipamentos_necessarios": _EQUIPMENT.draw(rng)}
    return record | {"habilidades_comportamentais_necessarias": writer.remarks() if chance(rng, 0.6) else ""}


def _reserved(rng: random.Random, job: Vacancy) -> str:
    if "CLT Cotas" in job.contract and chance(rng, 0.04):
        return "Sim"
    return "Não" if chance(rng, 0.885) else ""


def _benefits(rng: random.Random, job: Vacancy) -> dict[str, str]:
    writer = VacancyWriter(job, rng)
    second = (
        pick(rng, ("70,00", "CLT FULL ou PJ", "SÓ PJ", "3000,00", "até R$12.200,00"))
        if chance(rng, 0.004)
        else ""
    )
    return {"valor_venda": writer.sale(), "valor_compra_1": writer.purchase(), "valor_compra_2": second}


def prospect_row(made: Outcome, *, name: str, code: int, comment: str, recruiter: str) -> dict[str, str]:
    updated = "" if made.updated is None else f"{date.fromordinal(made.updated):%d-%m-%Y}"
    return {
        "nome": name,
        "codigo": str(code),
        "situacao_candidado": made.status,
        "data_candidatura": f"{date.fromordinal(made.applied):%d-%m-%Y}",
        "ultima_atualizacao": updated,
        "comentario": comment,
        "recrutador": recruiter,
    }


def prospects_record(title: str, modality: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"titulo": title[:PROSPECT_TITLE_LIMIT], "modalidade": modality, "prospects": rows}
