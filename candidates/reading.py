"""What a CV says of languages, education and seniority, each with the sentence that says it.

Rules of words, Portuguese and English, over folded text (see `candidates.folding`); codes are those of
`candidates.models`. What is not said is the empty code: a reading is evidence for a person to check, never
a guess.
"""

import re
from dataclasses import dataclass

from candidates.folding import fold
from candidates.quoting import sentence_around


@dataclass(frozen=True)
class Reading:
    code: str = ""
    quote: str = ""


NOTHING_SAID = Reading()

_LANGUAGES = {
    "english": "ingles inglesa english",
    "spanish": "espanhol espanhola spanish espanol castelhano",
    "other": "portugues portuguesa portuguese frances french alemao german italiano italian japones japanese"
    " mandarim chines chinese russo russian arabe hebraico coreano libras",
}
_LEVELS = {
    "none": "nenhum none",
    "basic": "basico basica basicos basic elementar elementary beginner iniciante nocoes a1 a2",
    "technical": "tecnico tecnica technical instrumental",
    "intermediate": "intermediario intermediaria intermediarios intermediate medio media limited limitada"
    " b1 b2",
    "advanced": "avancado avancada avancados advanced professional profissional proficient proficiente c1",
    "fluent": "fluente fluentes fluencia fluent fluently fluency nativo nativa native bilingue bilingual c2",
}
# Words that may stand between a language and its level
_BETWEEN = (
    "nivel level em in no na de do da e and a o com for lingua idioma language leitura escrita conversacao"
    " fala ler falar escrever compreensao audicao oral verbal reading writing speaking read written spoken"
    " conversation or ou is atualmente entre curso competencia skills ao the"
)
_FILLERS = frozenset(_BETWEEN.split())
LANGUAGE_ORDER = {
    "": -1,
    "none": 0,
    "basic": 1,
    "technical": 1,
    "intermediate": 2,
    "advanced": 3,
    "fluent": 4,
}
_LANGUAGE_OF = {word: code for code, words in _LANGUAGES.items() for word in words.split()}
_LEVEL_OF = {word: code for code, words in _LEVELS.items() for word in words.split()}
_WORD = re.compile(r"[a-z0-9+#]+")
_GAP_END = re.compile(r"[.;]\s|\n\s*\n")  # a level is not looked for beyond these
_REACH = 6  # words between a language and its level


class _Words:
    """The words of a text, with what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        found = list(_WORD.finditer(self.folded.text))
        self.words = [word.group() for word in found]
        self.spans = [word.span() for word in found]

    def __len__(self) -> int:
        return len(self.words)

    def at(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def quote(self, first: int, last: int) -> str:
        start, end = self.place(first)[0], self.place(last)[1]
        return sentence_around(self.text, start, end)

    def place(self, index: int) -> tuple[int, int]:
        start, end = self.spans[index]
        return self.folded.place(start), self.folded.place(end - 1) + 1

    def parted(self, first: int, second: int) -> bool:
        """Whether a sentence or paragraph ends between two neighbouring words."""
        return bool(_GAP_END.search(self.gap(first, second)))

    def gap(self, first: int, second: int) -> str:
        return self.text[self.place(first)[1] : self.place(second)[0]]


def read_languages(text: str) -> dict[str, Reading]:
    """English and Spanish, where the text states a level; said more than once, the highest."""
    readings: dict[str, Reading] = {}
    words, taken = _Words(text), -1
    for index, word in enumerate(words.words):
        language = _LANGUAGE_OF.get(word)
        if language is None:
            continue
        level, first, last = (
            _level_after(words, index) or _level_before(words, index, taken) or ("", index, index)
        )
        taken = max(last, taken)
        known = readings.get(language, NOTHING_SAID).code
        if language != "other" and LANGUAGE_ORDER[level] > LANGUAGE_ORDER[known]:
            readings[language] = Reading(level, words.quote(first, last))
    return readings


def _level_after(words: _Words, language: int) -> tuple[str, int, int] | None:
    """`inglês: leitura avançada, fala básica` is basic: of several levels in a row the lowest is safe to
    claim."""
    levels, last = [], language
    for index in range(language + 1, min(len(words), language + 1 + _REACH * 2)):
        word = words.at(index)
        if words.parted(index - 1, index) or index - last > _REACH:
            break
        level = _level(words, index)
        if level:
            levels.append(level)
            last = index
        elif word not in _FILLERS and (levels or not _joined_language(words, index)):
            break
    if not levels:
        return None
    return min(levels, key=LANGUAGE_ORDER.__getitem__), language, last


def _level_before(words: _Words, language: int, taken: int) -> tuple[str, int, int] | None:
    """`fluente em inglês`, `advanced english`; a level that another language has taken is not taken
    again."""
    for index in range(language - 1, max(taken, language - 1 - _REACH), -1):
        if words.parted(index, index + 1):
            return None
        level = _level(words, index)
        if level and level != "technical":
            return level, index, language
        if words.at(index) not in _FILLERS and not _joined_language(words, index + 1):
            return None
    return None


def _joined_language(words: _Words, index: int) -> bool:
    """The second language of `inglês e espanhol fluentes`."""
    return words.at(index) in _LANGUAGE_OF and words.at(index - 1) in {"e", "and"}


def _level(words: _Words, index: int) -> str:
    word = words.at(index)
    before, after = words.at(index - 1), words.at(index + 1)
    if word in {"professional", "profissional"}:  # a heading, unless worded as the scale of LinkedIn
        if before == "full":
            return "fluent"
        return "advanced" if after in {"working", "proficiency"} or before in {"nivel", "competencia"} else ""
    if word == "full":
        return "fluent" if after == "professional" else ""
    if word in {"tecnico", "tecnica", "technical"} and after in {"em", "de", "in", "support", "skills"}:
        return ""
    return _LEVEL_OF.get(word, "")


_EDUCATION = {
    "doctorate": r"doutorado|doutorando|doutoranda|doutor em|doutora em|ph\.?d|doctorate",
    "master": r"mestrado|mestrando|mestranda|mestre em|mestra em|master s degree|masters degree|master in"
    r"|master of (?:science|arts|business)|m\.?sc",
    "postgraduate": r"pos graduacao|pos graduado|pos graduada|pos graduando|posgraduacao|mba|lato sensu"
    r"|especializacao em|post ?graduate|post ?graduation",
    "technologist": r"tecnologo|tecnologa|superior de tecnologia|superior tecnologico|superior em tecnologia"
    r"|graduacao tecnologica|tecnologia em (?:analise|gestao|redes|processamento|sistemas|informatica)",
    "bachelor": r"bacharel|bacharela|bacharelado|bacharelando|licenciatura|graduacao|graduado|graduada"
    r"|graduando|graduanda|ensino superior|nivel superior|curso superior|formacao superior|terceiro grau"
    r"|superior (?:completo|incompleto|cursando|em andamento|em curso)|bachelor|bachelors|undergraduate"
    r"|graduation|3 ?o? grau",
    "technical": r"curso tecnico|ensino tecnico|nivel tecnico|ensino medio tecnico|tecnico em|tecnica em"
    r"|tecnico de nivel medio|technical course",
    "secondary": r"ensino medio|nivel medio|segundo grau|2 ?o? grau|colegial|high school",
    "primary": r"ensino fundamental|primeiro grau|1 ?o? grau",
}
_LEVEL_NAME = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(f"(?P<{level}>{words})" for level, words in _EDUCATION.items())
    + r")(?![a-z0-9])"
)
_ONGOING = re.compile(
    r"\b(?:cursando|em andamento|em curso|andamento|previsao|previsto|prevista|atualmente|semestre|ongoing"
    r"|in progress|expected|o momento|present|graduand[oa]|mestrand[oa]|doutorand[oa]|bacharelando)\b"
)
_INCOMPLETE = re.compile(
    r"\b(?:incomplet[oa]|trancad[oa]|trancou|nao concluid[oa]|interrompid[oa]|incomplete)\b"
)
_COMPLETE = re.compile(
    r"\b(?:complet[oa]|concluid[oa]|conclusao|formad[oa]|concluded|completed|graduad[oa]|certificado)\b"
)
_SCHOOL = re.compile(
    r"\b(?:universidade|faculdade|faculdades|centro universitario|university|college|unip|uninove"
    r"|fatec|fiap|puc|usp|unicamp|estacio|anhanguera)\b"
)
# A technologist's degree is a degree: the same rung as a bachelor's.
EDUCATION_RUNG = {
    "primary": 1, "secondary": 2, "technical": 3, "technologist": 4, "bachelor": 4, "postgraduate": 5,
    "master": 6, "doctorate": 7,
}  # fmt: skip
STATE_ORDER = {"incomplete": 0, "ongoing": 1, "complete": 2}


def read_education(text: str) -> Reading:
    """The highest schooling named, and its state. A university without a degree may be one: then nothing is
    said."""
    folded = fold(text)
    best, best_rank = NOTHING_SAID, (0, -1)
    for name in _LEVEL_NAME.finditer(folded.text):
        level = str(name.lastgroup)
        start, end = folded.place(name.start()), folded.place(name.end() - 1) + 1
        state = _state(text, start, end)
        rank = (EDUCATION_RUNG[level], STATE_ORDER[state])
        if rank > best_rank:
            best, best_rank = Reading(f"{level}_{state}", sentence_around(text, start, end)), rank
    if best_rank[0] < EDUCATION_RUNG["bachelor"] and _SCHOOL.search(folded.text):
        return NOTHING_SAID
    return best


def _state(text: str, start: int, end: int) -> str:
    """From the line of the level; a bare line is read with the one below it. No word of it means
    complete."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = _line_end(text, end)
    for stop in (line_end, _line_end(text, line_end + 1)):
        said = _stated(fold(text[max(line_start, start - 40) : min(stop, end + 120)]).text)
        if said:
            return said
    return "complete"


def _stated(folded: str) -> str:
    if _INCOMPLETE.search(folded):
        return "incomplete"
    complete, ongoing = _COMPLETE.search(folded), _ONGOING.search(folded)
    if ongoing and not (complete and complete.group() != "conclusao"):
        return "ongoing"
    return "complete" if complete else ""


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


_GRADES = {
    "senior": "senior sr iii",
    "mid": "pleno plena pl mid ii",
    "junior": "junior jr",
}
_ROLES = {
    "manager": "gerente gestor gestora diretor diretora manager head director gerencia",
    "coordinator": "coordenador coordenadora coordinator",
    "supervisor": "supervisor supervisora",
    "lead": "lider leader lead encarregado encarregada",
    "specialist": "especialista specialist expert",
    "intern": "estagiario estagiaria estagio intern internship",
    "trainee": "trainee",
    "apprentice": "aprendiz apprentice",
    "auxiliary": "auxiliar aux",
    "assistant": "assistente assistant",
    "analyst": "analista analyst",
    "technician": "tecnico tecnica technician",
}
_PLAIN_ROLES = (
    "desenvolvedor desenvolvedora developer programador programadora programmer engenheiro engenheira"
    " engineer consultor consultora consultant arquiteto arquiteta architect administrador administradora"
    " administrator dba tester designer qa dev cientista scientist product scrum tech agile"
)
_GRADE_OF = {word: code for code, words in _GRADES.items() for word in words.split()}
_ROLE_OF = {word: code for code, words in _ROLES.items() for word in words.split()}
_ROLE_WORDS = frozenset(_PLAIN_ROLES.split()) | _ROLE_OF.keys()
_SPELLED_OUT = frozenset({"senior", "pleno", "plena", "junior"})
_OPENERS = _ROLE_WORDS | _SPELLED_OUT | {"nivel", "level"}
_GRADE_REACH = 5  # words between a role and its grade: "analista de sistemas java sênior"
_SCHOOLING = frozenset({"em", "completo", "cursando", "nivel", "integrado"})


def read_seniority(text: str) -> Reading:
    """The seniority of the first job title in the text: a CV begins with the wish or the latest post.

    A grade (`sênior`, `pl`, `jr`) counts beside a role or after `nível`; without one, the role itself is
    the level where it stands at the beginning of a line. "Responde ao gerente" says nothing of the person.
    """
    words = _Words(text)
    for index, word in enumerate(words.words):
        found = (_grade(words, index) or _role_level(words, index)) if word in _OPENERS else None
        if found:
            code, last = found
            return Reading(code, words.quote(index, last))
    return NOTHING_SAID


def _grade(words: _Words, index: int) -> tuple[str, int] | None:
    """A grade that belongs to the role at `index` or follows it, or opens a title, as in `senior java
    developer`."""
    word = words.at(index)
    if word in {"nivel", "level"}:
        return _spelled_grade(words, index + 1)
    if not _begins_clause(words, index):
        return None
    if word in _SPELLED_OUT:
        titled = any(words.at(at) in _ROLE_WORDS for at in range(index + 1, index + 4))
        return _spelled_grade(words, index) if titled else None
    return _grade_after(words, index) if word in _ROLE_WORDS else None


def _spelled_grade(words: _Words, index: int) -> tuple[str, int] | None:
    return (_GRADE_OF[words.at(index)], index) if words.at(index) in _SPELLED_OUT else None


def _grade_after(words: _Words, role: int) -> tuple[str, int] | None:
    for at in range(role + 1, min(len(words), role + 1 + _GRADE_REACH)):
        if words.parted(at - 1, at) or "\n" in words.gap(at - 1, at):
            return None
        if words.at(at) in _GRADE_OF:
            return _GRADE_OF[words.at(at)], at
    return None


def _role_level(words: _Words, index: int) -> tuple[str, int] | None:
    role = _ROLE_OF.get(words.at(index))
    if role is None or not _begins_clause(words, index):
        return None
    if role == "technician" and words.at(index + 1) in _SCHOOLING:
        return None  # "técnico em informática" is a course as often as a post
    if words.at(index) == "auxiliar" and words.at(index + 1) in {"o", "a", "os", "as", "no", "na", "em"}:
        return None  # the verb: "auxiliar o setor"
    return role, index


_CLAUSE_START = re.compile(r"(?:^|\n|[:•●▪|–—\-/\uf0b7])[\s*]*$")


def _begins_clause(words: _Words, index: int) -> bool:
    start = words.place(index)[0]
    return bool(_CLAUSE_START.search(words.text, max(0, start - 8), start)) or start == 0
