"""The person's pronouns, written for both: "ela atuou" as "ele(a) atuou", "her team" as "his/her team".

English ones always stand for people. Portuguese ones stand for things too ("a empresa … ela"): they are the
person's where a word follows that only a person does or is, and from there on in the same line, also where
something of the person was hidden before in it. What such a sentence says of the person is written for both
too ("ela foi promovida"). Plurals tell of others and stay, as do capitals that may be an abbreviation ("ELA",
"SHE manager", "HIS").
"""

# ruff: noqa: E501, SIM905  lists and patterns are read more easily so

import re
from collections.abc import Callable, Iterator
from typing import Final

from candidates.redaction_gender import ADJECTIVES, AFTER_VERBS, HEADS, PEOPLE, for_both

Written = Callable[[int, int], str]

_ENGLISH: Final = {
    "she": "he/she", "he": "he/she", "his": "his/her", "him": "him/her", "hers": "his/hers",
    "herself": "himself/herself", "himself": "himself/herself",
}  # fmt: skip
# "Her" before these is whom something was done to
_NOT_HERS: Final = frozenset(
    """a an the and or but to for in on at with by as from of about into over after before while when where who
    because since if that this very so too also again well because until than""".split()
)
_PRONOUN = re.compile(
    r"(?<![/\w])(?:(?P<pt>[dn]?el[ea])(?P<self>[ ](?:mesm|propri)[oa])?"
    r"|(?P<en>she|he|hers?|his|him|herself|himself))(?![\w/]|[ ]?\([ao]\)|[ ]?/[ ]?[dn]?(?:el[ea]|s?he|h[ei][rsm])\b)"
)
_DOES: Final = "|".join(
    """atu trabalh lider coorden gerenci supervision desenvolv estud curs form gradu fal domin gost busc mor inici
    comec ingress entr assum conduz organiz negoci atend contribu colabor dedic demonstr mostr aprend ensin trein
    orient entreg conclu ganh conquist consegu ajud auxili apoi prest particip respond relacion comunic cuid volt
    desej pretend acredit lid realiz elabor program projet implement implant migr resolv planej pesquis lecion
    ministr palestr escrev public viaj represent recrut mentor motiv inspir destac""".split()
)
_DID: Final = rf"(?:{_DOES})(?:a|ou|ava|e|eu|ia|iu|i|em|ara|era|ira)(?![\w])|(?:nasceu|saiu|sabe|soube|quer|vem|veio|mantem|manteve|chegou|recebeu|fez|faz|criou)\b"
_ADVERBS: Final = (
    r"(?:(?:sempre|tambem|ja|ainda|nao|nunca|hoje|atualmente|se|me|nos|mesm[oa]|propri[oa])[ ]){0,3}"
)
_DOES_SO = re.compile(rf"[ ]{_ADVERBS}(?:{_DID})")
_HAS = re.compile(
    rf"[ ]{_ADVERBS}(?:possui|tem|teve|tinha|apresenta|acumula|traz)[ ](?:mais[ ]de[ ])?(?:uma?[ ])?(?:\d+[ ]anos|ampla|vasta|solida|boa|otima|grande"
    r"|excelente|experiencia|formacao|conhecimento|habilidade|facilidade|perfil|capacidade|postura|paixao|espirito)"
)
_IS = re.compile(
    rf"[ ]{_ADVERBS}(?:e|era|foi|esta|estava|sera|seria|ficou|tornou se|tornou-se)[ ]"
    r"(?:(?:uma?|a|o|muito|bastante|sempre|extremamente|tambem|hoje|excelente|otim[oa]|grande|nossa|nosso|minha|meu)[ ]){0,3}"
    r"(?P<what>[a-z]+)"
)
_ALSO_PEOPLE: Final = frozenset(
    """responsavel capaz pessoa pontual competente inteligente gentil confiavel respeitada respeitado querida querido
    elogiada elogiado reconhecida reconhecido premiada premiado fluente colega excelente exemplar indicada indicado
    nomeada nomeado chamada chamado mae pai estudante formada formado""".split()
)
_PARTICIPLES: Final = frozenset(word for word in _ALSO_PEOPLE if word.endswith(("da", "do")))
_OF_A_PERSON = re.compile(
    r"\b(?:carreira|trajetoria|trabalho|desempenho|dedicacao|perfil|experiencia|formacao|gestao|lideranca|postura|empenho"
    r"|comprometimento|colegas|profissionalismo|talento|conhecimento|atuacao|supervisao|orientacao|chefia|gestora?|chefe)[ ]$"
)
_WITH_A_PERSON = re.compile(
    r"\b(?:trabalh|conviv|recomend|contar|conta|contei|aprend|conhec|atuei|contrat)[a-z]*[ ](?:com[ ]|a[ ])?$"
)
_SAID_OF_THEM = re.compile(
    r"\b(?:e|era|foi|esta|estava|ficou|sera|seria|muito|bastante|sempre|extremamente|tao|super)[ ](?=(?P<what>[a-z]+[oa])\b(?![ ]?\())"
)
_SENTENCE_END = re.compile(r"[.;!?\n]|$")
_HIDDEN = "█"
_NEAR = 40


def pronoun_spans(text: str, written: Written) -> Iterator[tuple[int, int, str]]:
    """Where ``text``, plain, has a pronoun of the person, and what to write there instead.

    ``written`` gives accents and capitals of a place as they were written.
    """
    meant = -1  # the end of the line in which the person is spoken of
    for found in _PRONOUN.finditer(text):
        said = written(*found.span())
        if _is_abbreviation(said, text, found, written):
            continue
        if found["en"]:
            yield *found.span(), _cased(_in_english(text, found), said)
        elif found.start() < meant or _is_the_person(text, found):
            meant = _line_end(text, found.end())
            yield *found.span(), _cased(_in_portuguese(found), said)
            yield from _described(text, found.end(), written)


def _is_abbreviation(said: str, text: str, found: re.Match[str], written: Written) -> bool:
    if not said.isupper():
        return False
    after = re.compile(r"[ ]([a-z]{2,})").match(text, found.end())
    return after is None or not written(*after.span(1)).isupper()


def _in_english(text: str, found: re.Match[str]) -> str:
    if found["en"] != "her":
        return _ENGLISH[found["en"]]
    after = re.compile(r"[ \t]([a-z]+)").match(text, found.end())
    return "his/her" if after and after[1] not in _NOT_HERS else "him/her"


def _in_portuguese(found: re.Match[str]) -> str:
    pronoun = found["pt"][:-1] + "e(a)"
    own = (found["self"] or "").strip()
    return f"{pronoun} {'próprio' if own.startswith('p') else 'mesmo'}(a)" if own else pronoun


def _is_the_person(text: str, found: re.Match[str]) -> bool:
    line = text.rfind("\n", 0, found.start()) + 1
    if _HIDDEN in text[max(line, found.start() - 300) : found.start()]:
        return True
    if _OF_A_PERSON.search(text, max(line, found.start() - _NEAR), found.start()):
        return found["pt"][0] == "d"
    if _WITH_A_PERSON.search(text, max(line, found.start() - _NEAR), found.start()):
        return True
    if found["pt"][0] != "e":
        return False
    at = found.end("pt")
    if _DOES_SO.match(text, at) or _HAS.match(text, at):
        return True
    what = _IS.match(text, at)
    return what is not None and what["what"] in PEOPLE | ADJECTIVES | AFTER_VERBS | HEADS | _ALSO_PEOPLE


def _described(text: str, at: int, written: Written) -> Iterator[tuple[int, int, str]]:
    """What the rest of the sentence says that the person is, or what was done with them."""
    end = _SENTENCE_END.search(text, at)
    for found in _SAID_OF_THEM.finditer(text, at, end.start() if end else len(text)):
        if found["what"] in ADJECTIVES | AFTER_VERBS | _PARTICIPLES:
            yield *found.span("what"), for_both(found["what"], written(*found.span("what")))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _cased(text: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text
