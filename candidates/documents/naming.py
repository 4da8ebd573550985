"""Whose CV it is: the line at the head of the text that looks like a name."""

import re
from dataclasses import dataclass

from candidates.documents.places import is_place
from candidates.folding import fold_phrase

LINES = 15  # lines of the head in which a name is looked for
_PARTICLES = frozenset({"de", "da", "do", "das", "dos", "e", "del", "di", "von", "van"})
_LABELLED = re.compile(
    r"^[ \t]*(?:nome(?:[ \t]+completo)?|name|full name|candidat[oa])[ \t]*:[ \t]*(?P<name>[^\n|,;\d@]{5,80})",
    re.IGNORECASE | re.MULTILINE,
)
_TITLE = re.compile(
    r"^(?:curr[ií]cul(?:um|o)(?:[ \t]+vitae|[ \t]+profissional)?|cv|resume|r[ée]sum[ée])"
    r"(?:[ \t]*(?:de|of)\b)?[ \t:–—-]*",
    re.IGNORECASE,
)
_PART = re.compile(r"[ \t]*(?:[|,;•·/]|[ \t][–—-][ \t]|[ \t]{2,}|\t|\()")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
# Headings, posts and what else stands at the head of a CV in capitals
_NO_NAME_WORDS = """
    curriculum curriculo vitae resumo perfil objetivo objetivos dados pessoais contato contatos
    experiencia profissional experiencias formacao academica educacao habilidades competencias idiomas
    cursos sobre mim summary profile objective experience education skills contact about languages work
    professional personal information endereco telefone celular email linkedin github rua avenida bairro
    brasil brasileiro brasileira solteiro solteira casado casada nacionalidade idade anos data
    nascimento page pagina desenvolvedor desenvolvedora developer programador programadora engenheiro
    engenheira engineer analista analyst consultor consultora consultant arquiteto arquiteta architect
    administrador administradora gerente manager coordenador coordenadora coordinator diretor diretora
    especialista specialist tecnico tecnica assistente assistant auxiliar estagiario estagiaria intern
    trainee lider lead senior pleno junior software sistemas java python sap full stack backend frontend
    back front end web mobile cloud devops qa tester scrum master product owner designer ux ui ti
    tecnologia informacao informatica ciencia computacao projetos suporte redes infraestrutura banco
    universidade faculdade empresa ltda cargo area vaga pretensao salarial disponibilidade qualificacoes
    principais resumido referencias anexo confidencial top conhecimentos recursos humanos vendas
    financeiro comercial marketing logistica
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())


@dataclass(frozen=True)
class Name:
    value: str
    start: int
    end: int


def find_name(text: str, *, email: str = "") -> Name | None:
    """What a label calls the name, else the first line of the head that may be one.

    Of several, one whose words stand in the e-mail address is the person's.
    """
    labelled = _LABELLED.search(text[:4000])
    if labelled and (own := _name_in(labelled["name"], labelled.start("name"))):
        return own
    found = _names_at_the_head(text)
    local = fold_phrase(email.partition("@")[0]).replace(" ", "")
    for name in found:
        if any(len(word) > 2 and word in local for word in fold_phrase(name.value).split()):
            return name
    return found[0] if found else None


def _names_at_the_head(text: str) -> list[Name]:
    found, start, lines = [], 0, 0
    for line in text[:4000].split("\n"):
        if line.strip():
            lines += 1
            if name := _name_in(line, start):
                found.append(name)
        if lines == LINES:
            break
        start += len(line) + 1
    return found


def _name_in(line: str, start: int) -> Name | None:
    """The beginning of the line up to a separator, without "Curriculum Vitae" before it."""
    blank = len(line) - len(line.lstrip())
    own = line[blank:]
    if title := _TITLE.match(own):
        blank += title.end()
        own = own[title.end() :]
    own = _PART.split(own)[0].rstrip(" .:\t")
    if not _looks_like_a_name(own):
        return None
    return Name(tidy(own), start + blank, start + blank + len(own))


def _looks_like_a_name(words: str) -> bool:
    parts = words.split()
    if not 2 <= len(parts) <= 8 or len(words) > 80 or not all(_WORD.fullmatch(part) for part in parts):
        return False
    if is_place(words) or not _NO_NAME.isdisjoint(fold_phrase(words).split()):
        return False
    own = [part for part in parts if part.lower() not in _PARTICLES]
    return len(own) >= 2 and all(part[0].isupper() for part in own) and any(len(part) > 2 for part in own)


def tidy(name: str) -> str:
    """MARIA DA SILVA is written as people write it; names already in both cases stay."""
    if not (name.isupper() or name.islower()):
        return " ".join(name.split())
    return " ".join(word if word in _PARTICLES else _capital(word) for word in name.lower().split())


def _capital(word: str) -> str:
    return re.sub(r"(?:^|(?<=['’-]))[^\W\d_]", lambda found: found[0].upper(), word)
