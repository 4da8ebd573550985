"""A person as the applicants file keeps it: every scalar a string, most fields empty, odd keys and all."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from jobs.generator.catalogue import clients, invented_word, places, professions, skills, staff
from jobs.generator.cv import write_cv
from jobs.generator.cv_history import course_of
from jobs.generator.grammar import Weighted, chance, pick
from jobs.generator.money import written_wish
from jobs.generator.person import JUNIOR, LANGUAGE_LEVELS, Person
from jobs.generator.world import World

_NO_BIRTH = ("0000-00-00", "31-12-1969")
_HEARD_OF_US = Weighted(
    {
        "Site de Empregos": 30,
        "Outros": 26,
        "Indeed": 20,
        "Anúncio": 10,
        "Nosso site": 7,
        "Indicação de colaborador": 4,
        "Indicação de amigo": 3,
        "Indicação de cliente": 1,
        "Escolas/Faculdades": 1,
        "Evento universitário": 0.6,
        "ONG/PAT/CAT": 0.4,
        "Feira de RH": 0.3,
        "Plaqueiro": 0.1,
    }
)
_CIVIL = Weighted(
    {
        "Solteiro": 50,
        "Casado": 36,
        "União Estável": 7,
        "Divorciado": 5,
        "Separado Judicialmente": 1,
        "Viúvo": 1,
    }
)
_CERTIFICATES = (
    "MS [77-418] MOS: Microsoft Office Word 2013, MS [77-420] MOS: Microsoft Office Excel 2013",
    "MS [77-418] MOS: Microsoft Office Word 2013, MS [77-420] MOS: Microsoft Office Excel 2013, "
    "MS [77-423] MOS: Microsoft Office Outlook 2013, MS [77-422] MOS: Microsoft Office PowerPoint 2013",
    "ITIL v3 - IT Infraestructure Library",
    "SAP FI",
    "CCNP - Cisco Certified Network Professional",
    "PMP - Project Management Professional",
    "MS [70-461] Querying Microsoft SQL Server",
    "CSM - Certified Scrum Master",
)
_LEVEL = {
    JUNIOR: ("Júnior", "Estagiário"),
    2: ("Pleno", "Analista"),
    3: ("Sênior",),
    4: ("Especialista", "Líder"),
    5: ("Gerente", "Outro"),
}
_OTHER_LANGUAGES = (
    "Português - Fluente",
    "Português - Fluente",
    "Português - Avançado",
    "Alemão -",
    "Francês - Básico",
    "Italiano - Básico",
    "Português -",
)


def applicant_record(
    world: World, someone: Person, *, code: int, registered: int, hired: bool
) -> dict[str, Any]:
    """`hired`: by any job of the company; it leaks into cargo_atual, as in the source."""
    rng = world.stream("applicant", someone.index)
    made_on = date.fromordinal(registered)
    changed_on = _changed_on(rng, made_on, world.timeline.until, hired=hired)
    employee = hired and chance(rng, 0.36)
    headline = _headline(rng, someone)
    return {
        "infos_basicas": _basics(rng, someone, code, made_on, changed_on, headline),
        "informacoes_pessoais": _personal(rng, world, someone, code, changed_on),
        "informacoes_profissionais": _professional(rng, someone, headline, employee=employee),
        "formacao_e_idiomas": _education(rng, world, someone),
        "cargo_atual": _present_job(rng, changed_on) if employee else {},
        "cv_pt": write_cv(someone, world.stream("cv", someone.profile_of), until=world.timeline.until)
        if someone.has_cv
        else "",
        "cv_en": "",
    }


def _changed_on(rng: random.Random, made_on: date, until: date, *, hired: bool) -> date:
    if chance(rng, 0.75 if not hired else 0.4):
        return made_on
    return made_on + timedelta(days=int(rng.random() * max(1, (until - made_on).days)))


def _headline(rng: random.Random, someone: Person) -> str:
    if chance(rng, 0.339):
        return ""
    title, skill = pick(rng, someone.work.titles), skills()[pick(rng, someone.skills)].spellings[0]
    level = ("", "Júnior", "Pleno", "Sênior", "Especialista", "Gerente")[someone.rung]
    short = title.title() if chance(rng, 0.7) else title
    return pick(
        rng,
        (
            short,
            short,
            short,
            f"{short} {level}",
            f"{short} {level}",
            skill.title(),
            title.upper(),
            f"{short} | {skill.title()}",
            f"Atuar como {title}",
            someone.work.area,
        ),
    )


def _basics(
    rng: random.Random, someone: Person, code: int, made_on: date, changed_on: date, headline: str
) -> dict[str, str]:
    place = places()[someone.place]
    created = f"{made_on:%d-%m-%Y} {_clock(rng)}"
    local = ""
    if someone.has_levels or chance(rng, 0.285):
        local = f"{place.city}, {place.state}" if chance(rng, 0.94) else place.state
    return {
        "telefone_recado": "",
        "telefone": _phone(place.area_code) if chance(rng, 0.995) else "",
        "objetivo_profissional": headline,
        "data_criacao": created if chance(rng, 0.9996) else "",
        "inserido_por": "pelo próprio candidato"
        if someone.has_levels and chance(rng, 0.6)
        else pick(rng, staff(63, "recruiters")),
        "email": _email(someone, code),
        "local": local,
        "sabendo_de_nos_por": _HEARD_OF_US.draw(rng) if someone.has_levels or chance(rng, 0.38) else "",
        "data_atualizacao": created if changed_on == made_on else f"{changed_on:%d-%m-%Y} {_clock(rng)}",
        "codigo_profissional": str(code),
        "nome": someone.name,
    }


def _clock(rng: random.Random) -> str:
    return f"{8 + int(rng.random() * 12):02d}:{int(rng.random() * 60):02d}:{int(rng.random() * 60):02d}"


def _phone(area_code: str) -> str:
    return f"({area_code}) 9xxxx-xxxx"  # no number that somebody could have


def _email(someone: Person, code: int) -> str:
    """Reserved domains only; the local part carries the code, so that no address can be anybody's."""
    domain = ("example.com", "gmail.example", "hotmail.example", "example.com.br", "example.org")[code % 5]
    return f"{someone.name.lower().replace(' ', '_')}_{code}@{domain}"


def _personal(
    rng: random.Random, world: World, someone: Person, code: int, changed_on: date
) -> dict[str, str]:
    place = places()[someone.place]
    consent_since = world.timeline.start + timedelta(days=240)
    consented = changed_on >= consent_since and chance(rng, 0.5)
    source = _HEARD_OF_US.draw(rng) + ":" + pick(rng, ("", "", "", " Linkedin", " Glassdoor", " Infojobs"))
    record = {
        "data_aceite": f"{changed_on:%d/%m/%Y} {_clock(rng)[:5]}"
        if consented
        else "Cadastro anterior ao registro de aceite",
        "nome": someone.name,
        "cpf": "",
        "fonte_indicacao": source if someone.has_levels else ":",
        "email": _email(someone, code),
        "email_secundario": "",
        "data_nascimento": f"{someone.born:%d-%m-%Y}"
        if someone.has_levels and chance(rng, 0.93)
        else _no_birth(rng, changed_on),
        "telefone_celular": _phone(place.area_code),
        "telefone_recado": "",
        "sexo": someone.sex if someone.has_levels or chance(rng, 0.01) else "",
        "estado_civil": _CIVIL.draw(rng) if someone.has_levels else "",
        "pcd": ("Sim" if chance(rng, 0.04) else "Não") if someone.has_levels and chance(rng, 0.92) else "",
        "endereco": place.state.lower() if someone.has_levels or chance(rng, 0.28) else "",
        "skype": "",
        "url_linkedin": "",
        "facebook": "",
    }
    if someone.has_cv and chance(rng, 0.19):
        record["download_cv"] = f"{code}.pdf"
    return record


def _no_birth(rng: random.Random, changed_on: date) -> str:
    if chance(rng, 0.006):
        return f"{changed_on:%d-%m-%Y}"  # typed the day of registration
    return _NO_BIRTH[rng.random() < 0.07]


def _professional(rng: random.Random, someone: Person, headline: str, *, employee: bool) -> dict[str, Any]:
    knows = someone.readable and chance(rng, 0.115)
    areas = dict.fromkeys(
        [someone.work.area, *(pick(rng, professions()).area for _ in range(int(rng.random() * 3)))]
    )
    record: dict[str, Any] = {
        "titulo_profissional": headline,
        "area_atuacao": ", ".join(areas) if someone.has_levels else "",
        "conhecimentos_tecnicos": _knowledge(rng, someone) if knows else "",
        "certificacoes": pick(rng, _CERTIFICATES) if chance(rng, 0.012) else "",
        "outras_certificacoes": _other_certificate(rng, someone) if chance(rng, 0.021) else "",
        "remuneracao": written_wish(someone.wish, rng) if someone.states_wish and chance(rng, 0.95) else "",
        "nivel_profissional": pick(rng, _LEVEL[someone.rung]) if chance(rng, 0.002) else "",
    }
    if employee:
        record |= {"qualificacoes": "", "experiencias": ""}
    return record


def _other_certificate(rng: random.Random, someone: Person) -> str:
    name = skills()[pick(rng, someone.skills)].spellings[0]
    return f"{name} {pick(rng, ('foundation', 'certified', '- 40h'))}"


def _knowledge(rng: random.Random, someone: Person) -> str:
    joint = pick(rng, (", ", "; ", " - ", " / ", "\n", "; - "))
    return joint.join(skills()[number].spelled(rng).title() for number in someone.skills)


def _education(rng: random.Random, world: World, someone: Person) -> dict[str, str]:
    levels = someone.has_levels
    record = {"nivel_academico": someone.education if levels or chance(rng, 0.035) else ""}
    if (levels and chance(rng, 0.95)) or chance(rng, 0.02):
        ended = world.timeline.until.year - someone.years
        record |= {
            "instituicao_ensino_superior": f"universidade {invented_word(rng)}" if chance(rng, 0.1) else "",
            "cursos": course_of(someone, rng).capitalize()
            if someone.education > "Ensino S" and chance(rng, 0.88)
            else "",
            "ano_conclusao": "0" if "Cursando" in someone.education or chance(rng, 0.15) else str(ended),
        }
        if chance(rng, 0.11):
            record["outro_curso"] = "Curso livre"
    english, spanish = LANGUAGE_LEVELS[someone.english], LANGUAGE_LEVELS[someone.spanish]
    return record | {
        "nivel_ingles": english if levels else "",
        "nivel_espanhol": spanish if levels and chance(rng, 0.97) else "",
        "outro_idioma": pick(rng, _OTHER_LANGUAGES) if levels and chance(rng, 0.22) else "-",
    }


def _present_job(rng: random.Random, since: date) -> dict[str, str]:
    """Of people the company hired itself: the mere presence of the keys tells the outcome."""
    filled = chance(rng, 0.42)
    return {
        "id_ibrati": str(rng.randrange(1000, 9999)) if filled else "",
        "email_corporativo": f"colaborador{rng.randrange(1000, 9999)}@umbuzeiro.example" if filled else "",
        "cargo_atual": pick(rng, professions()).titles[0].title() if filled else "",
        "projeto_atual": f"Projeto {invented_word(rng).capitalize()}" if filled else "",
        "cliente": pick(rng, clients()) if filled else "",
        "unidade": pick(rng, ("Umbuzeiro São Paulo", "Umbuzeiro Campinas")) if filled else "",
        "data_admissao": f"{since:%d-%m-%Y}" if filled else "31-12-1969",
        "data_ultima_promocao": "31-12-1969",
        "nome_superior_imediato": pick(rng, staff(63, "recruiters")) if filled else "",
        "email_superior_imediato": "",
    }
