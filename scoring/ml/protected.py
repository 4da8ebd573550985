"""What a text says of a person and must not move a score, taken out before anything is read from it.

Out go contact lines, addresses, birth dates and ages, marital and family status, nationality and the
person's own name, as phrases, and what `protected_groups` lists of disabilities, religious communities and
circles of women or men. A number of years in words becomes one in digits, which no feature counts. Single
personal words (`text.PERSONAL_TERMS`) are no terms and are not counted. Everything works on text folded by
`text.fold`; line breaks stay, for headings are read by lines.

What cannot be told from ordinary words stays: a district without any sign of an address, and a surname that
is an everyday word ("sales", "campos") where it stands alone.
"""

from __future__ import annotations

import re
from typing import Final

from scoring.ml.protected_groups import COMMUNITIES, DISABILITY, RELIGION

# ---- phrases ----

_KNOWN_HOSTS: Final = frozenset(
    {"behance", "bitbucket", "credly", "dribbble", "github", "gitlab", "kaggle", "medium", "stackoverflow"}
)
_DAY: Final = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}"
_MONTH: Final = (
    r"(?:jan|fev|feb|mar|abr|apr|mai|may|jun|jul|ago|aug|set|sep|out|oct|nov|dez|dec)[a-z]{0,7}\.?"
)
_DATE: Final = (
    rf"(?:{_DAY}|\d{{1,2}}[ao]?\s(?:de\s)?{_MONTH}\s(?:de\s)?\d{{4}}"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_SMALL: Final = (
    "um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete"
    " dezoito dezenove"
)
_SMALL_ENGLISH: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_TENS: Final = "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"
_TENS_ENGLISH: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_IN_WORDS: Final = (
    dict(zip(_SMALL.split(), range(1, 20), strict=True))
    | dict(zip(_SMALL_ENGLISH.split(), range(1, 20), strict=True))
    | dict(zip(_TENS.split(), range(20, 100, 10), strict=True))
    | dict(zip(_TENS_ENGLISH.split(), range(20, 100, 10), strict=True))
    | {"catorze": 14}
)
_SPELT: Final = (
    rf"(?:(?:{'|'.join((_TENS + ' ' + _TENS_ENGLISH).split())})(?:(?:\se\s|[ -])(?:{'|'.join(_IN_WORDS)}))?"
    rf"|{'|'.join(_IN_WORDS)})"
)
_AGE: Final = r"\d{2}\s?(?:anos|years)(?:\s(?:de\sidade|old|of\sage))?"
_NUMBER: Final = r"(?:\d{1,2}|uma?|dois|duas|tres|quatro|cinco|one|two|three|four|five)"
_PARENT: Final = "mae|pai|mamae|papai|mother|father"
_SUCH_A: Final = (
    "solo|solteir[oa]|casad[oa]|atipic[oa]|adotiv[oa]|orgulhos[oa]|dedicad[oa]|presente|coruja|separad[oa]"
    r"|viuv[oa]|de\sprimeira\sviagem|de\sfamilia|de\ssanto|e\s(?:espos[oa]|don[oa]\sde\scasa)|single"
)
_CHILD: Final = (
    "filh[oa]s?|menin[oa]s?|criancas?|bebes?|gemeos|gemeas|trigemeos|adolescentes?|children|kids|sons?"
    "|daughters?"
)
_YEARS_OLD: Final = r"\d{1,2}(?:\s(?:e|a)\s\d{1,2})?\s(?:anos|meses)"
_STATUSES: Final = ("solteir", "casad", "divorciad", "viuv", "separad", "noiv", "desquitad", "amasiad")
_STATUS: Final = rf"(?:{'|'.join(_STATUSES)})[oa]s?"
_REST_OF_FIELD: Final = r"[^\n|;\t]{0,60}"  # of "Bairro: …", up to the next separator


def _each(stems: tuple[str, ...]) -> str:
    return " ".join(stem + ending for stem in stems for ending in ("o", "a", "os", "as"))


def _url(match: re.Match[str]) -> str:
    """The site says what somebody does; what follows it is mostly the name."""
    parts = re.split(r"[./]+", match.group().partition("://")[2] or match.group())
    return next((f" {part} " for part in parts if part in _KNOWN_HOSTS), " ")


_MAIL: Final = re.compile(r"\S*@\S*")
_URL: Final = re.compile(
    r"\b(?:https?://|www\.)\S+|\b(?:[a-z]{2,3}\.)?[a-z]{4,13}\.(?:com|org|me|io)(?:\.br)?/\S+"
)
_URL_SIGNS: Final = ("://", "www.", ".com/", ".br/", ".me/", ".io/", ".org/")
_WORD: Final = re.compile(r"[a-z]+")
# Words of which one must be in the text, the phrase. Most texts are spared most patterns.
_PHRASES: Final = tuple(
    (frozenset(triggers.split()), re.compile(pattern, re.MULTILINE))
    for triggers, pattern in (
        *RELIGION,
        *DISABILITY,
        (
            "skype whatsapp",
            r"\b(?:skype|whatsapp)[ ]{0,2}:[ ]{0,2}\S+",
        ),
        (
            "endereco bairro logradouro residencia residente resido moro morador moradora municipio cidade"
            " address complemento",
            r"\b(?:endereco|bairro|logradouro|residencia|residente|municipio|cidade|address|complemento)"
            rf"(?:\s(?:residencial|completo|atual|e\sestado))?[ \t]{{0,3}}:{_REST_OF_FIELD}"
            r"|^[ \t]*bairro\s[^\n|;\t]{2,60}|\bbairro(?:\s\w+){1,3}"
            r"|\b(?:residente|resido|moro|moradora?)\s(?:em|no|na)\s[^\n,;|]{2,40}",
        ),
        (
            "rua r av avenida alameda travessa rodovia praca estrada quadra",
            r"\b(?:rua|av\.|avenida|alameda|travessa|rodovia)\s[^\n]{2,60}?\d{1,5}\b[^\n|;]{0,80}"
            r"|^[ \t*.:-]*(?:rua|r\.|av\.?|avenida|alameda|travessa|rodovia|praca|estrada|quadra)\s"
            r"[^\n]{2,120}",
        ),
        (
            "cep",
            r"\bcep\b[ \t:.-]{0,4}(?:\d{2}\.?\d{3}[ -]?\d{3})?",
        ),
        (
            "nascimento nascido nascida nasceu nasc dt d born birth birthdate birthday",
            r"\b(?:data\sde\snascimento|dt\.?\s?(?:de\s)?nasc\w*\.?|nascimento|nascid[oa]|nasceu|d\.n\.|born"
            r"|date\sof\sbirth|birth\s?date|birthday)"
            rf"(?:[ \t:,-]{{0,4}}(?:(?:em|on|in|dia|aos|:)[ \t]{{1,3}}){{0,2}}{_DATE})?"
            rf"(?:[ \t]*[,-][ \t]*{_AGE})?",
        ),
        (
            "idade age old",
            r"\b(?:idade|age)\b[ \t]{0,3}:?[ \t]{0,3}(?:(?:\d{1,2}|"
            + _SPELT
            + r")\b(?:\s?(?:anos|years)(?:\sold)?)?)?"
            r"|\b\d{2}\s?(?:anos\sde\sidade|years\s(?:old|of\sage))\b",
        ),
        (
            "natural naturalidade nacionalidade nationality",
            r"\b(?:naturalidade|nacionalidade|nationality)\b[ \t]{0,3}:?[^\n,;|/-]{0,40}"
            r"|(?<!linguagem )\bnatural\sd[aeo]s?\s[^\n,;|-]{2,40}(?:[ ]?[-/][ ]?[a-z]{2}\b)?",
        ),
        (
            "civil marital",
            r"\b(?:estado\scivil|marital\sstatus)\b[ \t]{0,3}[:-]?"
            rf"(?:\s{{0,2}}(?:{_STATUS}|uniao\sestavel|single|married|divorced|widow(?:ed)?|separated|outros?)"
            r"\b(?:[ ]?\([ao]s?\))?)?",
        ),
        (
            f"{_each(_STATUSES)} uniao",
            rf"\b(?:recem[ -])?{_STATUS}\b(?:[ ]?\([ao]s?\)|\sjudicialmente|\sha\s{_NUMBER}\sanos)?"
            r"|\buniao\sestavel\b",
        ),
        (
            "filho filha filhos filhas mae pai mamae papai children kids mother father",
            rf"\b(?:{_PARENT})(?:\s(?:{_SUCH_A})\b)*\s(?:d[aeo]s?|of)[ ]"
            rf"(?:{_NUMBER}\b(?:[ ](?:{_CHILD})\b)?|(?:{_CHILD})\b|[a-z]+)(?:\sd[eo]\s(?:{_YEARS_OLD}|\w+))?"
            rf"|\b(?:{_PARENT})(?:\s(?:{_SUCH_A})\b)+"
            r"|\b(?:com|tenho|tem|possuo|possui|sem|nao\s(?:tenho|possuo)|with|no)?[ ]?"
            rf"(?:{_NUMBER}\s)?(?:filh[oa]s?|children|kids)\b(?:[ ]?\([ao]s?\))?"
            rf"(?:[ \t]{{0,2}}:[ \t]{{0,2}}(?:\w+))?(?:\smenor(?:es)?)?(?:\sde\s{_YEARS_OLD})?",
        ),
        *COMMUNITIES,
        (
            "sexo genero gender raca etnia cor religiao religion",
            r"\b(?:sexo|genero|gender|raca|etnia|cor|religiao|religion)[ \t]{0,2}:[ \t]{0,3}[a-z]+"
            r"|\bsexo\s(?:fem|masc)\w*",
        ),
        (
            "licenca militar reservista maternity paternity parental",
            r"\b(?:(?:em|de|da|apos|durante|retorno|retornando|periodo|afastamento|volta)\s){0,4}"
            r"licenca[ -](?:maternidade|paternidade|gestante|parental|adotante)\b"
            r"|\b(?:(?:on|after|during)\s)?(?:maternity|paternity|parental)\sleave\b"
            r"|\bservico\smilitar(?:\sobrigatorio)?\b|\b(?:certificado\sde\s)?reservista\b",
        ),
        (
            "gravida gravidas gestante gestantes gestacao gravidez pausa",
            r"\b(?:estou\s|estando\s|atualmente\s)?(?:gravidas?|gestantes?)\b"
            r"(?:\s(?:de|ha)\s\d{1,2}\s(?:semanas|meses))?"
            r"|\bpausa\s(?:na\scarreira\s)?(?:para|por|pela|de)\s(?:(?:a|cuidar|criar|d[aeo]s?|d?os|meus|minhas"
            r"|familia|maternidade|paternidade|gravidez|gestacao)\b\s?){1,5}",
        ),
    )
)
# "32 anos" by itself: not "10 anos de experiência", not beside the dates of a position
_AGE_WORDS: Final = frozenset({"anos", "years"})
_YEARS: Final = re.compile(r"anos(?!\w)|years(?!\w)")
_BEFORE_AGE: Final = re.compile(r"(?:^|[\n,;|/(*-]|\s[ea])[ \t]*(?P<age>[1-9]\d\s?)$")
_SPELT_BEFORE: Final = re.compile(rf"\b(?P<number>{_SPELT})\s$")
_LONGEST_SPELT: Final = 24  # characters
_AFTER_AGE: Final = re.compile(r"(?:\scompletos)?[ \t]*(?=$|[\n,;|/).-])")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def without_personal_phrases(folded: str) -> str:
    """`folded` with a blank for every phrase about the person's traits, family, birth, home and contacts."""
    text = _MAIL.sub(" ", folded) if "@" in folded else folded
    if any(sign in text for sign in _URL_SIGNS):
        text = _URL.sub(_url, text)
    words = set(_WORD.findall(text))
    if not _AGE_WORDS.isdisjoint(words):
        text = _years_in_digits(text)
    for triggers, pattern in _PHRASES:
        if not triggers.isdisjoint(words):
            text = pattern.sub(" ", text)
    return text if _AGE_WORDS.isdisjoint(words) else _without_ages(text)


def _years_in_digits(folded: str) -> str:
    """ "quarenta e cinco anos" as "45 anos": an age is read alike however it is written."""
    kept, end = [], 0
    for found in _YEARS.finditer(folded):
        spelt = _SPELT_BEFORE.search(folded, max(0, found.start() - _LONGEST_SPELT), found.start())
        if spelt:
            kept += [folded[end : spelt.start()], f"{_value(spelt['number'])} "]
            end = found.start()
    return "".join((*kept, folded[end:]))


def _value(spelt: str) -> int:
    return sum(_IN_WORDS.get(word, 0) for word in re.split(r"[\s-]", spelt))


def _without_ages(folded: str) -> str:
    kept, end = [], 0
    for found in _YEARS.finditer(folded):
        before = _BEFORE_AGE.search(folded, max(0, found.start() - 12), found.start())
        after = _AFTER_AGE.match(folded, found.end())
        if before and after and not _beside_a_year(folded, before.start("age"), after.end()):
            kept.append(folded[end : before.start("age")])
            end = after.end()
    return " ".join((*kept, folded[end:]))


def _beside_a_year(text: str, start: int, end: int) -> bool:
    line_end = text.find("\n", end)
    return (
        _YEAR.search(text, text.rfind("\n", 0, start) + 1, len(text) if line_end < 0 else line_end)
        is not None
    )
