"""Values of the source format, understood once: dates, money, levels, places, areas.

Every reader takes the text as written and gives the value, or None (""/[] for codes and lists) when the text
does not say one. None of them raises: what was not understood stays in the record's raw copy.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

SOURCE_TIME_ZONE = ZoneInfo("America/Sao_Paulo")

# The source writes "no date" in all of these ways; two are the epoch in UTC and in Brazil
NULL_DATES = frozenset(
    {"", "00-00-0000", "0000-00-00", "00/00/0000", "01-01-1970", "31-12-1969", "30-11-0001", "-"}
)
_DATE = re.compile(r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})(?:[ T]+([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEARS = range(1900, 2101)  # typing slips of the source reach from 0224 to 2923


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Comparable text: no accents, lower case, single blanks."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def is_null_date(text: str) -> bool:
    return text.strip()[:10].strip() in NULL_DATES


def read_date(text: str) -> datetime.date | None:
    """dd-mm-yyyy or dd/mm/yyyy, a time after it ignored; None for null, impossible and absurd dates."""
    moment = read_moment(text)
    return moment.date() if moment else None


def read_moment(text: str) -> datetime.datetime | None:
    """A date with its time (midnight when there is none), in the time of Brazil."""
    text = text.strip()
    if is_null_date(text):
        return None
    if found := _DATE.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        hour = minute = second = 0
    else:
        return None
    try:
        moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=SOURCE_TIME_ZONE)
    except ValueError:
        return None
    return moment if year in _YEARS else None


# Money


@dataclass(frozen=True)
class Salary:
    """BRL a month or an hour; both None when the text does not say one amount for certain."""

    monthly: Decimal | None = None
    hourly: Decimal | None = None


_AMOUNT = re.compile(r"[0-9][0-9.,]*")
_HOURLY = re.compile(r"\b(?:horas?|hrs?|hour)\b|/ ?h\b|[0-9] ?h\b|\bp/? ?h\b")
_MONTHLY = re.compile(r"\b(?:mes|mensal|mensais|mensalmente|month)\b")
_OTHER_UNIT = re.compile(r"\b(?:dias?|diarias?|semana|semanal|anos?|anual|anuais|year|milh(?:ao|oes))\b|%")
OTHER_MONEY = re.compile(r"us ?\$|\b(?:usd|eur|euros?|dolar(?:es)?|libras?|gbp)\b|€|£")
_THOUSANDS = re.compile(r" ?(?:mil|k)\b")
_LEAST_MONTHLY = 100  # a bare number below it is an hour's price or a slip: never guessed
_MOST_MONTHLY = 1_000_000
_MOST_HOURLY = 10_000


def read_salary(text: str) -> Salary:
    """One amount in Brazilian notation; ranges, two amounts and other currencies say nothing certain.

    A dot (or comma) followed by exactly three digits groups thousands, a comma is the decimal sign otherwise.
    """
    words = fold(text)
    amounts = list(_AMOUNT.finditer(words))
    if len(amounts) != 1 or OTHER_MONEY.search(words) or _OTHER_UNIT.search(words):
        return Salary()
    amount = read_amount(amounts[0].group())
    if amount is not None and _THOUSANDS.match(words, amounts[0].end()):
        amount *= 1000
    hourly, monthly = _HOURLY.search(words), _MONTHLY.search(words)
    if not amount or (hourly and monthly):
        return Salary()
    if hourly:
        return Salary(hourly=amount) if amount <= _MOST_HOURLY else Salary()
    least = 1 if monthly else _LEAST_MONTHLY
    return Salary(monthly=amount) if least <= amount <= _MOST_MONTHLY else Salary()


def read_amount(text: str) -> Decimal | None:
    text = text.rstrip(".,")
    if len(text) > 20:
        return None
    groups = re.split(r"[.,]", text)
    # The last group holds the cents unless it has three digits: "12.000", but "4.000.00" and "2.500,0"
    cents = groups.pop() if len(groups) > 1 and len(groups[-1]) in (1, 2) else ""
    if any(len(group) != 3 for group in groups[1:]) or not groups[0] or (groups[1:] and len(groups[0]) > 3):
        return None
    return Decimal("".join(groups) + "." + (cents or "0")).quantize(Decimal("0.01"))


# Closed sets

_LEVELS = {
    "nenhum": "none",
    "basico": "basic",
    "tecnico": "technical",
    "intermediario": "intermediate",
    "avancado": "advanced",
    "fluente": "fluent",
}
_SENIORITIES = {
    "aprendiz": "apprentice",
    "estagiario": "intern",
    "trainee": "trainee",
    "auxiliar": "auxiliary",
    "assistente": "assistant",
    "tecnico de nivel medio": "technician",
    "junior": "junior",
    "analista": "analyst",
    "pleno": "mid",
    "senior": "senior",
    "especialista": "specialist",
    "lider": "lead",
    "coordenador": "coordinator",
    "supervisor": "supervisor",
    "gerente": "manager",
    "outro": "other",
}
_COURSES = {
    "fundamental": "primary",
    "medio": "secondary",
    "tecnico": "technical",
    "tecnologo": "technologist",
    "superior": "bachelor",
    "pos graduacao": "postgraduate",
    "pos": "postgraduate",
    "mestrado": "master",
    "doutorado": "doctorate",
}
_COURSE_STATES = {"incompleto": "incomplete", "cursando": "ongoing", "completo": "complete"}
_EDUCATION = re.compile(
    rf"(?:ensino )?(?P<course>{'|'.join(_COURSES)}) (?P<state>{'|'.join(_COURSE_STATES)})"
)


def read_level(text: str) -> str:
    """How well a language is spoken; "" when not one of the closed set."""
    return _LEVELS.get(fold(text), "")


def read_seniority(text: str) -> str:
    return _SENIORITIES.get(fold(text), "")


def read_education(text: str) -> str:
    found = _EDUCATION.fullmatch(fold(text).replace("-", " "))
    return f"{_COURSES[found['course']]}_{_COURSE_STATES[found['state']]}" if found else ""


AREA_LABELS = (
    "Administrativa",
    "Comercial",
    "Financeira/Controladoria",
    "Gestão e Alocação de Recursos de TI",
    "Jurídica",
    "Marketing",
    "Novos Negócios e Parcerias",
    "Qualidade Corporativa",
    "Recursos Humanos",
    "Relacionamento Técnico",
    "TI - Arquitetura",
    "TI - Banco de Dados",
    "TI - Desenvolvimento/Design",
    "TI - Desenvolvimento/Mobile",
    "TI - Desenvolvimento/Programação",
    "TI - Governança",
    "TI - Infraestrutura",
    "TI - Processos e Negócios",
    "TI - Projetos",
    "TI - Qualidade/Testes",
    "TI - SAP",
    "TI - Segurança da Informação",
    "TI - Sistemas e Ferramentas",
    "TI - Suporte",
    "TI - Telecom",
    "TI - UX",
)
_AREA_BY_FOLD = {fold(label): label for label in AREA_LABELS}
# Labels hold " - " themselves, and "-" or "," parts them: only the closed list tells which is which
_AREA = re.compile(rf"({'|'.join(map(re.escape, _AREA_BY_FOLD))}) ?(?:[-,]|$)")


def read_areas(text: str) -> list[str]:
    """The labels named in a list parted by "-" or ",", each once, in order."""
    return list(dict.fromkeys(_AREA_BY_FOLD[label] for label in _AREA.findall(fold(text))))


def has_only_areas(text: str) -> bool:
    """Whether nothing but labels of the closed list is in the text."""
    return not _AREA.sub("", fold(text)).strip(" -,")


_CONTRACTS = {
    "clt full": "clt",
    "clt cotas": "clt_quota",
    "pj/autonomo": "pj",
    "cooperado": "cooperative",
    "hunting": "hunting",
    "estagiario": "intern",
    "candidato podera escolher": "open",
}


def read_contract_types(text: str) -> list[str]:
    """The source lists the same types in any order; here equal sets are equal lists."""
    words = {fold(part) for part in text.split(",")} - {"", "-"}
    return sorted(
        {_CONTRACTS.get(word) or re.sub(r"[^a-z0-9]+", "_", word).strip("_")[:40] for word in words}
    )


PRIORITIES = {"alta": "high", "media": "medium", "baixa": "low"}
ORIGINS = {"nova posicao": "new", "substituicao": "replacement"}


def read_choice(text: str, choices: Mapping[str, str]) -> str:
    """The code of a closed set by the words before a colon: "Alta: Alta complexidade 3 a 5 dias"."""
    return choices.get(fold(text.partition(":")[0]), "")


def read_yes(text: str) -> bool:
    return fold(text) == "sim"


# Places

STATES = {
    "AC": "Acre",
    "AL": "Alagoas",
    "AP": "Amapá",
    "AM": "Amazonas",
    "BA": "Bahia",
    "CE": "Ceará",
    "DF": "Distrito Federal",
    "ES": "Espírito Santo",
    "GO": "Goiás",
    "MA": "Maranhão",
    "MT": "Mato Grosso",
    "MS": "Mato Grosso do Sul",
    "MG": "Minas Gerais",
    "PA": "Pará",
    "PB": "Paraíba",
    "PR": "Paraná",
    "PE": "Pernambuco",
    "PI": "Piauí",
    "RJ": "Rio de Janeiro",
    "RN": "Rio Grande do Norte",
    "RS": "Rio Grande do Sul",
    "RO": "Rondônia",
    "RR": "Roraima",
    "SC": "Santa Catarina",
    "SP": "São Paulo",
    "SE": "Sergipe",
    "TO": "Tocantins",
}
_STATE_BY_FOLD = {fold(word): name for code, name in STATES.items() for word in (code, name)}


def read_state(text: str) -> str:
    """A Brazilian state by name, in one spelling ("Espirito Santo" lacks its accent); others as written."""
    return _STATE_BY_FOLD.get(fold(text), text.strip())


def read_place(text: str) -> tuple[str, str]:
    """City and state of "Cidade, Estado"; one word alone is a state when there is a state of that name."""
    city, comma, state = (part.strip() for part in text.rpartition(","))
    if comma:
        return city.strip(", "), read_state(state)
    known = _STATE_BY_FOLD.get(fold(text), "")
    return ("", known) if known else (text.strip(), "")
