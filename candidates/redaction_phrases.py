"""What tells of a person beside the name: phrases, each found at the word it begins with.

For text that ``redaction`` made plain: lower case, no accents, one character for each. A pattern is tried at
its words only, so that a long text costs one pass. What is hidden is the group ``hide``, or all of the match.
"""

# ruff: noqa: E501  a pattern is read more easily whole

import re
from typing import Final, NamedTuple

_DAY: Final = r"\d{1,2}[ ]?[/.-][ ]?\d{1,2}[ ]?[/.-][ ]?\d{2,4}"
_MONTH: Final = (
    r"(?:jan|fev|feb|mar|abr|apr|mai|may|jun|jul|ago|aug|set|sep|out|oct|nov|dez|dec)[a-z]{0,7}\.?"
)
_DATE: Final = (
    rf"(?:{_DAY}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[ao]?[ ](?:de[ ]|of[ ])?{_MONTH}[ ](?:de[ ])?\d{{2,4}}"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}|\d{{1,2}}[/.]\d{{4}}|{_MONTH}[ ](?:de[ ])?\d{{4}}|\d{{4}})"
)
_COLON: Final = r"[ \t]{0,3}[:=-][ \t]{0,3}"
_LABELLED: Final = r"(?:[ \t]{0,3}[:=?-]?[ \t]{0,3}\n?[ \t]{0,8})"  # the value beside the label or below it
_REST: Final = r"(?P<hide>[^\n|;\t]{1,80})"  # of "Bairro: …", up to the next separator
_COUNT: Final = r"(?:\d{1,2}|uma?|dois|duas|tres|quatro|cinco|seis|one|two|three|four|five|no|sem|nenhuma?)"
_MORE_OF_STREET: Final = r"[^\n|;\t]{0,90}"
_ITEM_END: Final = r"(?=[ \t]{0,3}(?:[,;|/)\n\t.•·-]|$))"  # as one of "brasileira, casada, 32 anos"
_YEARS: Final = r"(?:anos?|years?)"
_NOT_WORKED: Final = (
    r"(?![ \t]{1,3}(?:de[ ](?!idade)|d[ao]s?[ ]|em[ ]|n[ao]s?[ ]|como[ ]|com[ ]|atu|trabalh|exp|of[ ](?!age)|in[ ]|as[ ]"
    r"|working|work|profiss|atras|ago\b))"
)
_AGE: Final = r"(?:1[4-9]|[2-7]\d|8[0-5])"


class Phrase(NamedTuple):
    pattern: re.Pattern[str]
    contact: bool  # also hidden where only ways to reach somebody are
    item: bool  # only where it begins a line or follows a separator


def _phrase(pattern: str, *, contact: bool = False, item: bool = False) -> Phrase:
    return Phrase(re.compile(pattern), contact, item)


_NUMBER_OF_PAPER: Final = r"(?P<hide>\d[\dx./ -]{3,24}[\dx])"

# The first words, the phrase
_TABLE: Final[tuple[tuple[str, Phrase], ...]] = (
    # Where somebody lives
    (
        "endereco logradouro address residencia bairro complemento",
        _phrase(
            r"[a-z]+(?:[ \t](?:residencial|completo|atual|comercial|particular))?[ \t]{0,3}:[ \t]{0,3}" + _REST,
            contact=True,
        ),
    ),
    ("bairro", _phrase(r"bairro(?P<hide>(?:[ \t](?:d[aeo]s?[ ])?[a-z0-9']+){1,3})", contact=True)),
    (
        "rua avenida alameda travessa rodovia praca estrada quadra ladeira viela",
        _phrase(rf"[a-z]+[ \t][^\n|;]{{2,60}}?\b\d{{1,5}}\b{_MORE_OF_STREET}", contact=True),
    ),
    ("rua avenida alameda travessa", _phrase(r"[a-z]+[ \t](?:d[aeo]s?[ ])?[^\n|;,\t]{2,60}", contact=True)),
    (
        "rodovia praca estrada quadra ladeira viela conjunto condominio r av",
        _phrase(rf"(?:r|av)\.?[ \t]{_MORE_OF_STREET}[^\n|;\t]|[a-z]{{3,}}[ \t]{_MORE_OF_STREET}", contact=True, item=True),
    ),
    ("av", _phrase(rf"av\.[ \t]?{_MORE_OF_STREET}", contact=True)),
    ("r", _phrase(r"r\.[ \t]{1,2}[^\n|;\t]{3,60}?,[ \t]{0,3}(?:n[.ro]{0,2}[ \t]?)?\d{1,5}\b" + _MORE_OF_STREET, contact=True)),
    (
        "residente resido moro morador moradora residing domiciliado domiciliada",
        _phrase(
            r"[a-z]+(?:[ ]e[ ]domiciliad[oa])?[ ](?:em|no|na|a|in|at)[ ](?P<hide>[^\n|;.\t]{2,80})", contact=True
        ),
    ),
    ("live living reside", _phrase(r"[a-z]+[ ](?:in|at)[ ](?P<hide>[^\n|;.,\t]{2,60})", contact=True, item=True)),
    ("i", _phrase(r"i[ ](?:currently[ ])?(?:live|reside)[ ](?:in|at)[ ](?P<hide>[^\n|;.\t]{2,60})", contact=True)),
    ("cep", _phrase(r"cep[ \t:.-]{0,4}(?P<hide>\d{2}\.?\d{3}[ -]?\d{3})", contact=True)),
    ("zip", _phrase(r"zip(?:[ ]?code)?[ \t:.-]{0,4}(?P<hide>\d{5}(?:-?\d{3,4})?)", contact=True)),
    # How to reach them
    (
        "tel telefone telefones fone fones cel celular celulares whatsapp phone mobile contato recado recados zap",
        _phrase(r"[a-z]+(?:[ ][a-z]{2,9})?[ \t.:()/-]{0,6}(?P<hide>[+(]?\d[\d ()+./-]{6,40}\d)", contact=True),
    ),
    (
        "skype whatsapp telegram instagram facebook twitter linkedin lattes msn discord blog portfolio site website",
        _phrase(r"[a-z]+[ \t]{0,2}:[ \t]{0,2}(?P<hide>[^\s|;,]{2,})", contact=True),
    ),
    ("github gitlab", _phrase(r"[a-z]+[ \t]{0,2}:[ \t]{0,2}(?P<hide>@?[a-z0-9_-]*[\d/@_-][^\s|;,]*)", contact=True)),
    # Papers
    (
        "rg cpf ctps pis pasep nis nit identidade passaporte passport reservista ssn crea oab coren crc matricula",
        _phrase(r"[a-z]+\b[^\d\n|;,]{0,24}" + _NUMBER_OF_PAPER, contact=True),
    ),
    ("cnh habilitacao", _phrase(r"[a-z]+\b[^\d\n|;]{0,24}(?P<hide>\d[\d. -]{5,14}\d)", contact=True)),
    ("titulo", _phrase(r"titulo[ ]de[ ]eleitor\b[^\d\n]{0,12}" + _NUMBER_OF_PAPER, contact=True)),
    # Birth and age
    (
        "nascimento nasc nascido nascida nasci nasceu dn born birth birthdate birthday dob aniversario",
        _phrase(
            rf"[a-z]+\.?(?:{_LABELLED}(?:em|on|in|dia|aos|no[ ]dia|at)?[ \t]{{0,3}})(?P<hide>{_DATE}"
            rf"(?:[ \t]{{0,2}}[,(/-][ \t]{{0,2}}{_AGE}[ ]?{_YEARS}(?:[ ]de[ ]idade)?\)?)?)"
        ),
    ),
    ("nascido nascida nasci nasceu born", _phrase(r"[a-z]+[ ](?:em|no|na|in)[ ](?P<hide>[^\n|;,.\t]{2,50})")),
    (
        "idade age aged",
        _phrase(rf"[a-z]+{_LABELLED}(?P<hide>\d{{1,3}}\b(?:[ ]?{_YEARS})?(?:[ ]old)?|[a-z]+ta(?:[ ]e[ ][a-z]+)?[ ]anos)"),
    ),
    # Sex and what people are called for it
    (
        "she he ela ele",
        _phrase(
            r"(?:she|he|ela|ele)[ ]?/[ ]?(?:hers?|him|his|dela|dele|they|elu)\b(?:[ ]?/[ ]?(?:hers|his|them|theirs|delu)\b)?"
        ),
    ),
    ("sexo genero gender sex", _phrase(rf"[a-z]+{_COLON}\n?(?P<hide>[^\n|;,\t]{{1,40}})")),
    ("sexo genero", _phrase(r"[a-z]+[ ](?P<hide>(?:feminin|masculin)[oa])")),
    ("pronomes pronome pronouns", _phrase(rf"[a-z]+{_COLON}{_REST}")),
    ("ela ele elu she he they", _phrase(r"(?:ela|ele|elu|she|he|they)[ ]?/[ ]?(?:dela|dele|delu|her|him|hers|his|them)\b")),
    ("feminino feminina masculino masculina male female", _phrase(rf"[a-z]+{_ITEM_END}", item=True)),
    (
        "sou i",
        _phrase(
            r"(?:sou|i[ ]am|i'm)[ ](?:uma?[ ]|an?[ ])?(?P<hide>(?:married[ ]|single[ ])?(?:mulher|homem|travesti|woman|man|mother|father|mae|pai)\b"
            r"(?:[ ](?:trans|cis|negr[oa]|pret[oa]|pard[oa]|branc[oa]|indigena|lesbica|gay|solo|de[ ][^\n,.;]{2,30})\b)*)"
        ),
    ),
    ("mulher homem pessoa", _phrase(r"[a-z]+[ ](?:trans(?:genero|exual)?|cis(?:genero)?|nao[ -]binari[oa])\b")),
    ("mae pai mother father", _phrase(r"[a-z]+[ ](?:de|of)[ ]" + _COUNT + r"\b(?:[ ][a-z]{4,12})?")),
    ("mae pai mother father", _phrase(r"[a-z]+[ ](?:solo|solteir[oa]|atipic[oa]|orgulhos[oa]|coruja)\b")),
    ("mae pai mother father filiacao", _phrase(rf"[a-z]+{_COLON}{_REST}")),
    ("nome name", _phrase(rf"[a-z]+[ ](?:completo|social|civil|da[ ]mae|do[ ]pai){_COLON}{_REST}")),
    ("full", _phrase(rf"full[ ]name{_COLON}{_REST}")),
    # Family
    (
        "estado civil marital",
        _phrase(
            rf"(?:estado[ ]civil|civil[ ]status|marital[ ]status){_LABELLED}"
            r"(?P<hide>[a-z]{4,14}(?:[ ]?\([ao]s?\)|/[ao])?(?:[ ]estavel)?)"
        ),
    ),
    (
        "solteiro solteira casado casada divorciado divorciada viuvo viuva desquitado desquitada amasiado amasiada"
        " casados solteiros married divorced widowed widow widower unmarried",
        _phrase(r"[a-z]+(?:[ ]?\([ao]s?\)|/[ao]\b)?"),
    ),
    ("separado separada noivo noiva single engaged", _phrase(rf"[a-z]+(?:\([ao]\))?{_ITEM_END}", item=True)),
    ("uniao", _phrase(r"uniao[ ]estavel")),
    ("filho filha filhos filhas children kids", _phrase(rf"[a-z]+[ \t]{{0,2}}[:=][ \t]{{0,3}}(?P<hide>{_COUNT}\b[^\n|;,]{{0,40}}|nao\b)")),
    (
        "tenho possuo com sem tem possui nao um uma dois duas tres quatro cinco no one two three four have has with",
        _phrase(rf"(?:[a-z]+[ ]){{1,2}}?(?:{_COUNT}[ ])?(?:filh[oa]s?|children|kids|daughters?|sons?)\b(?:[ ](?:menor|pequen|de[ ]\d)[^\n,.;|]{{0,20}})?"),
    ),
    ("esposa esposo marido conjuge husband wife spouse", _phrase(rf"[a-z]+(?:{_COLON}[^\n|;\t]{{1,60}})?")),
    # Origin
    (
        "nacionalidade naturalidade nationality citizenship raca etnia religiao religion race ethnicity birthplace",
        _phrase(rf"[a-z]+{_LABELLED}(?P<hide>[^\n|;,\t]{{2,50}})"),
    ),
    ("cor", _phrase(r"cor(?:[ ](?:ou|/)[ ]raca)?[ \t]{0,2}:[ \t]{0,2}(?P<hide>[a-z]{4,12})")),
    ("natural", _phrase(r"natural[ ]d[aeo]s?[ ](?P<hide>[^\n|;,.\t]{2,50})")),
    (
        "brasileiro brasileira brazilian venezuelano venezuelana haitiano haitiana colombiano colombiana angolano"
        " angolana peruano peruana boliviano boliviana chileno chilena cubano cubana argentino argentina",
        _phrase(rf"[a-z]+(?:[ ](?:nat[oa]|naturalizad[oa]))?{_ITEM_END}", item=True),
    ),
    ("foto fotografia photo", _phrase(rf"[a-z]+[ \t]{{0,2}}:{_REST}")),
)  # fmt: skip

BY_WORD: Final[dict[str, tuple[Phrase, ...]]] = {}
for _words, _found in _TABLE:
    for _word in _words.split():
        BY_WORD[_word] = (*BY_WORD.get(_word, ()), _found)

# Found by their figures
_ITEM_START: Final = r"(?:^|(?<=[,;|/(\n\t•·-])|(?<=[,;|/(•·-][ ]))[ \t]{0,3}"
AGES: Final = re.compile(
    rf"(?<![\d.,])(?:{_AGE})[ ]?{_YEARS}[ ](?:de[ ]idade|old|of[ ]age)\b"
    rf"|(?:(?<=\btenho[ ])|(?<=\bcom[ ])){_AGE}[ ]?anos\b{_NOT_WORKED}{_ITEM_END}"
)
AGE_ITEMS: Final = re.compile(rf"(?<![\d.,]){_AGE}[ ]?{_YEARS}{_ITEM_END}")
PERSONAL: Final = re.compile(
    r"\b(?:brasileir|brazilian|casad|solteir|divorciad|viuv|natural\b|cnh\b|filh[oa]|sexo|idade|age\b|resid|masculin|feminin"
    r"|married|single|uniao[ ]estavel|estado[ ]civil|nascid|█)"
)
STREET_IN_ENGLISH: Final = re.compile(
    r"(?<!\d)\d{1,5}[ ](?:[a-z.]{1,20}[ ]){1,4}(?:street|st\.|avenue|ave\b\.?|road|rd\b\.?|boulevard|blvd|lane|drive)"
    r"[^\n|;\t]{0,60}"
)
CHILDREN: Final = re.compile(r"(?<!\d)\d{1,2}[ ](?:filh[oa]s?|children|kids|daughters?|sons?)\b")
PHONE: Final = re.compile(
    r"(?<![\d.,/$])(?:"
    r"\+[ ]?\d{1,3}[ .-]{0,2}\(?\d{1,4}\)?(?:[ .-]{0,2}\d{2,5}){2,4}"
    r"|(?:\(?(?:00)?55\)?[ .-]{0,2})?\(?0?(?:xx|\d{2}[ ])?[1-9]\d\)?[ .|/-]{0,3}(?:9[ .-]{0,2})?[2-9]\d{3}[ .-]{0,3}\d{4}"
    r"|9[ .-]?\d{4}[ .-]\d{4}|[2-9]\d{3}[-.]\d{4}|0[ ]?[358]00[ .-]{0,2}\d{3}[ .-]?\d{3,4}"
    r")(?![\d/]|[.,]\d)"
)
YEARS: Final = re.compile(r"\(?(?:(?:19|20)\d\d[ .)(|/-]*)+")  # "2010-2014" is no phone
PAPER: Final = re.compile(
    r"(?<![\d.])\d{3}\.\d{3}\.\d{3}[ ]?[-/][ ]?\d{2}(?!\d)|(?<!\d)\d{2}\.\d{3}\.\d{3}-[\dx](?![\dx])"
)
POSTAL_CODE: Final = re.compile(r"(?<![\d.])\d{2}\.?\d{3}-\d{3}(?![\d-])")
SITE: Final = re.compile(
    r"://|\bwww\.|\.(?:com|org|net|me|io|dev|app|info|tech|page|br|in|co|ai|site|online)(?:\.br)?/(?=[^\s/])"
)
NO_SITES: Final = re.compile(r"(?:asp|vb|ado|ml|ef|socket|draw|\.)\.(?:net|io)/")  # "ASP.NET/MVC"
