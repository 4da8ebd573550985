"""Words for a person that tell the sex, written for both: "engenheira" and "engenheiro" as "engenheiro(a)".

Both forms go, for what is left of one would tell the other. Words that are something else too ("técnica",
"administradora", "focada") are read as a person's where a line or an entry begins, or after words such as
"sou" and "como"; "área técnica" and "administradora de cartões" stay.
"""

# ruff: noqa: E501, SIM905  lists and patterns are read more easily so

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

Written = Callable[[int, int], str]

# Ending in -or, -ora; names of people alone
_OR: Final = """
desenvolvedor programador coordenador supervisor diretor consultor professor vendedor comprador instrutor auditor
assessor pesquisador redator tradutor corretor cuidador educador treinador empreendedor facilitador testador fundador
cofundador orientador tutor inspetor promotor pintor soldador zelador escritor locutor historiador doutor trabalhador
colaborador investigador gestor contador revisor mentor ilustrador animador curador decorador procurador defensor
mediador negociador planejador implementador implantador entregador empacotador repositor cobrador encanador recrutador
selecionador captador articulador agricultor demonstrador subcoordenador subdiretor vereador orcamentador
"""
# Ending in -o, -a; names of people alone
_O: Final = """
engenheir advogad arquitet enfermeir psicolog biolog geolog sociolog antropolog fonoaudiolog agronom pedagog
psicopedagog fotograf topograf geograf cartograf bibliotecari funcionari estagiari empresari operari comerciari
escriturari cozinheir costureir cabeleireir faxineir copeir camareir porteir jardineir pedreir carpinteir marceneir
ferramenteir acougueir padeir confeiteir bombeir caminhoneir borracheir serralheir vidraceir alun mestrand doutorand
graduand formand soci comissari tecnolog filosof arqueolog delegad museolog biomedic candidat
"""
# Something else too: companies, things, adjectives, verbs
_OR_ELSEWHERE: Final = "administrador operador montador produtor editor monitor".split()
_O_ELSEWHERE: Final = """
tecnic medic bancari farmaceutic veterinari publicitari proprietari voluntari autonom executiv encarregad secretari
empregad torneir mecanic psicanalist
""".split()
# What somebody is said to be
_ADJECTIVES: Final = """
formad graduad especializad licenciad diplomad habilitad certificad apaixonad dedicad focad interessad motivad organizad
proativ comunicativ comprometid habituad acostumad atent curios criativ dinamic esforcad determinad disciplinad
capacitad preparad qualificad envolvid empenhad extrovertid introvertid experimentad promovid efetivad terceirizad cooperad entusiasmad
""".split()
# What was done with somebody, said only after a verb: "fui promovida"
_AFTER_VERBS: Final = (
    "contratad aprovad reprovad admitid alocad convidad selecionad transferid desligad obrigad".split()
)
# The kind of work, behind a word for a person: "auxiliar administrativa"
_KINDS: Final = """
administrativ financeir juridic tecnic executiv academic pedagogic clinic farmaceutic public eletric mecanic quimic
autonom certificad especializad qualificad formad graduad domestic eletronic agronom
veterinari associad substitut adjunt convidad veteran aprovad reprovad
""".split()
_HEADS: Final = """analista assistente auxiliar gerente agente chefe lider especialista profissional representante
atendente ajudante docente""".split()
_WHOLE: Final = {
    "bacharela": "bacharel(a)", "mestra": "mestre(a)", "atriz": "ator/atriz", "ator": "ator/atriz",
    "garcom": "garçom/garçonete", "garconete": "garçom/garçonete", "waitress": "server", "waiter": "server",
    "saleswoman": "salesperson", "salesman": "salesperson", "businesswoman": "businessperson",
    "businessman": "businessperson", "chairwoman": "chairperson", "chairman": "chairperson", "actress": "actor",
    "hostess": "host", "stewardess": "flight attendant", "foreman": "foreperson", "forewoman": "foreperson",
}  # fmt: skip


def _both(stems: list[str], endings: str) -> frozenset[str]:
    return frozenset(stem + ending for stem in stems for ending in endings.split(","))


PEOPLE: Final = _both(_OR.split(), ",a") | _both(_O.split(), "o,a")
ELSEWHERE: Final = _both(_OR_ELSEWHERE, ",a") | _both(_O_ELSEWHERE, "o,a")
ADJECTIVES: Final = _both(_ADJECTIVES, "o,a")
AFTER_VERBS: Final = _both(_AFTER_VERBS, "o,a")
KINDS: Final = _both(_KINDS, "o,a")
HEADS: Final = frozenset(_HEADS)

_WORD = re.compile(r"[^\W\d_]+")
_BOTH_ALREADY = re.compile(r"[ ]?\([ao]\)|/[ao]\b|[ ]?/[ ]?(?:atriz|garconete)\b")
_LEAD = re.compile(
    r"\b(?:como|sou|fui|era|uma?|ex|cargo|funcao|profissao|ocupacao|titulo|pos|atua|bastante|muito|altamente"
    r"|extremamente|estou|sendo|ser|considero|profissional)[ \t:-]{1,3}$"
)
_VERB = re.compile(r"\b(?:sou|fui|estou|sendo|ser|era|muito|ja|seja|foi|sido)[ ]$")
_DONE_TO_THEM = re.compile(
    r"[ ](?:como|para|por|pel[ao]|n[ao]|em|apos|depois|a[ ]partir)\b|[ \t]*(?:[\n,;|(]|$)"
)
_LINK = re.compile(r"[ \t]{0,2}(?:,|\be\b|/)?[ \t]{1,2}(?:e[ ])?$")
_LETTER_BULLET = re.compile(r"\n[ \t]*o[ \t]+$")
_SYSTEMS = re.compile(r"[ ]de[ ](?:sistemas|redes|banco|dados|empresas|infra|servidores)")
_AND = re.compile(r"\be[ ]$")
_ONE = re.compile(r"\buma?(?:\(a\))?[ ]$")
_FIRM = re.compile(
    r"[ ](?:de|d[ao]s?)[ ](?:cart|consorcio|imove|bens|condominio|fundo|seguro|plano|recursos|telefonia|telecom|saude|turismo|viagens|credito|energia|veiculos|celul)"
)
_FIRM_ALONE = re.compile(r"[ ](?!de[ ]|d[ao]s?[ ]|senior|junior|pleno|trainee|financeir)[^\W\d_]")
_DEPARTMENT = re.compile(r"[ ](?:d[aeo]s?|municipa|estadua|especia|nacion)")
_BEHIND_TECHNICIAN = re.compile(
    r"[ ](?:de|em|d[ao]s?|n[ao]|judiciari|administrativ|eletric|eletron|mecanic|senior|junior|pleno)|[ \t]*(?:[\n,;|(/-]|$)"
)
_LOOK = 24  # characters before a word that say how it is meant


def neutral_spans(text: str, written: Written) -> Iterator[tuple[int, int, str]]:
    """Where ``text``, plain, names the person by sex, and what to write there instead.

    ``written`` gives accents and capitals of a place as they were written.
    """
    end, person = -10, False  # of the last word for the person
    for word in _WORD.finditer(text):
        if word.start() < end:
            continue  # the other half of "ator/atriz"
        near = bool(_LINK.fullmatch(text, end, word.start())) if 0 <= word.start() - end < 8 else False
        if word[0] in HEADS:
            end, person = word.end(), True
            continue
        also = person and _goes_on(text, end, word)
        if not _is_meant(text, word, behind=near and person, written=written) and not also:
            continue
        if one := _ONE.search(text, max(0, word.start() - 8), word.start()):
            yield one.start(), one.end() - 1, _cased("um(a)", written(one.start(), one.end() - 1))
        already = _BOTH_ALREADY.match(text, word.end())
        end, person = (already.end() if already else word.end()), True
        yield word.start(), end, for_both(word[0], written(*word.span()))


def _goes_on(text: str, end: int, word: re.Match[str]) -> bool:
    """ "Apaixonada por Java e dedicada": what is said goes on of the same person."""
    between = text[max(0, end) : word.start()]
    if word[0] not in ADJECTIVES or len(between) > 60 or not _AND.search(between):
        return False
    return not any(sign in between for sign in ".;\n|")


def _is_meant(text: str, word: re.Match[str], *, behind: bool, written: Written) -> bool:
    """``behind``: another word for the person stands just before."""
    said = word[0]
    if said in PEOPLE or said in _WHOLE:
        return True
    if said.startswith("administrador") and _SYSTEMS.match(text, word.end()):
        return True
    if behind and (said in KINDS or said in ADJECTIVES or said in ELSEWHERE):
        return True
    before = max(0, word.start() - _LOOK), word.start()
    if said in AFTER_VERBS:
        done = _begins(text, word.start()) and _DONE_TO_THEM.match(text, word.end())
        return bool(done or _VERB.search(text, *before))
    if said in ADJECTIVES or said in ELSEWHERE:
        led = _begins(text, word.start()) or bool(_LEAD.search(text, *before))
        return led and (said in ADJECTIVES or _is_person(text, word, written))
    return False


def _is_person(text: str, word: re.Match[str], written: Written) -> bool:
    said = word[0]
    if said.startswith("secretaria"):
        accented = "á" in unicodedata.normalize("NFC", written(*word.span())).lower()
        return accented or not _DEPARTMENT.match(text, word.end())
    if said.startswith(("tecnic", "mecanic")):
        return bool(_BEHIND_TECHNICIAN.match(text, word.end()))
    if said in ("monitor", "monitora", "editor", "editora", "torneira"):
        return bool(re.match(r"[ ]de[ ](?!texto|video|imagens)", text[word.end() : word.end() + 12]))
    if said in ("operadora", "montadora", "produtora", "administradora") and _FIRM_ALONE.match(
        text, word.end()
    ):
        return False
    return not _FIRM.match(text, word.end())


def _begins(text: str, at: int) -> bool:
    """Whether a line, an entry or a bullet begins there, whatever sign the bullet is."""
    before = text[max(0, at - 12) : at]
    sign = before.rstrip(" \t")[-1:]
    return not sign or not (sign.isalnum() or sign in "#+%)\"'") or bool(_LETTER_BULLET.search(before))


def for_both(word: str, written: str) -> str:
    if word in _WHOLE:
        return _cased(_WHOLE[word], written)
    upper = written.isupper()
    if word.endswith("ora"):
        written = written[:-1]
    elif word.endswith("a"):
        written = written[:-1] + ("O" if upper else "o")
    return written + ("(A)" if upper else "(a)")


def _cased(text: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text
