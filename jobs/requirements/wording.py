"""How vacancies say must, nice or neither: by the words of a sentence, and by the heading above it; and which
sentences ask for something, and which tell of the work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from candidates.folding import fold_characters

Strength = Literal["must", "nice"]
Scope = Literal["must", "nice", "off", "work", ""]  # "" says nothing; "off" heads pay, place, benefits

# Both with the grades of a list that some clients send: "1 - Java (P3 - Advanced) | 2 - Git (P1 - Beginner)"
_NICE = (
    "desejavel|desejaveis|desejado|desejada|desejados|desejadas|diferencial|diferenciais|um plus|e plus"
    "|a plus|nice to have|good to have|would be nice|preferencial|preferencialmente|preferivel|preferred"
    "|preferable|preferably|desirable|desired|opcional|opcionais|optional|nao obrigatorio|nao obrigatoria"
    "|nao obrigatorios|nao e obrigatorio|nao e obrigatoria|not required|not mandatory|seria interessante"
    "|interessante ter|valorizado|valorizada|uma vantagem|vantagem|an advantage|p1 +beginner"
)
_MUST = (
    "obrigatorio|obrigatoria|obrigatorios|obrigatorias|obrigatoriamente|imprescindivel|imprescindiveis"
    "|indispensavel|indispensaveis|mandatorio|mandatoria|mandatorios|mandatorias|mandatory|must have|must"
    "|required|essencial|essenciais|essential|exige se|exigido|exigida|necessario|necessaria|necessarios"
    "|necessarias|fundamental|precisa ter|precisa|deve ter|deve possuir|experiencia minima|minimo de"
    "|p2 +intermediate|p3 +advanced|p4 +expert|primary skill"
)
# Said of the work, not of the person: "dar suporte quando necessário"
_NEITHER = (
    "quando necessario|se necessario|caso necessario|conforme necessario|sempre que necessario|if required"
    "|when required|as required|where required|as needed|if necessary|when necessary|nao e necessario"
    "|nao sera necessario|required to|skills required|required skills|levantamento do necessario"
)
_MUST_HEADING = (
    f"{_MUST}|requisito|requisitos|pre requisito|pre requisitos|requirement|requirements|required skills"
    "|skills required|key skills|qualificacao|qualificacoes|qualifications|conhecimento|conhecimentos|tecnico"
    "|tecnicos|competencia|competencias|skills|skill|habilidade|habilidades|primary skill|primary skills"
    "|o que esperamos|hard skills|perfil|experiencia|experiencias|formacao|exigencias|experience|knowledge"
)
_NICE_HEADING = f"{_NICE}|secondary skills|additional skills|habilidades adicionais|bonus"
_OFF_HEADING = (
    "beneficio|beneficios|oferecemos|o que oferecemos|benefits|remuneracao|salario|local|localidade|location"
    "|local de trabalho|horario|horario de trabalho|contratacao|modelo de contratacao|modalidade|taxa|valor"
    "|taxa de venda|sobre a empresa|sobre o cliente|about us|about the company|inicio|duracao|contato|idioma"
    "|idiomas|languages|enviar cv|vale|gestor|recruiter|cliente|faturamento|prazo|data de inicio"
)
_WORK_HEADING = (
    "(?:principais |as |suas )?(?:atividades?|responsabilidades?|atribuicoes)|(?:key |main )?responsibilities"
    "|roles (?:and )?responsibilities|descricao das atividades|duties|desafios|o que voce (?:vai|ira) fazer"
    "|o que voce fara|what you will do|funcoes"
)
_OTHER_HEADING = (
    "roles|descricao|descricao da vaga|job description|description|escopo|scope|projeto|resumo|summary|funcao"
    "|missao|vaga|sobre a vaga|cargo|objetivo|outros detalhes|detalhes|detalhes do trabalho"
)

# Less than outright, yet of what somebody has to bring
_ASKED = (
    "experiencia|experiencias|conhecimento|conhecimentos|conhecer|vivencia|vivencias|dominio|dominar|expertise"
    "|experience|experienced|knowledge|proficiency|proficient|familiarity|hands on|background in"
    "|understanding of|buscamos|procuramos|busca|procura|looking for|certificacao|certificacoes|certification"
    "|certified|anos de|years of"
)
# First words of a sentence that tells what will be done
_WORK_WORDS = (
    "acompanhamento|administracao|alocacao|analise|apoio|apresentacao|apresentacoes|atendimento|atuacao"
    "|conducao|configuracao|controle|coordenacao|criacao|cumprimento|definicao|disponibilidade|documentacao"
    "|elaboracao|execucao|garantia|gerenciamento|implantacao|implementacao|instalacao|integracao|interacao"
    "|manutencao|mentoria|migracao|monitoramento|organizacao|orientacao|participacao|planejamento|plantao"
    "|preparacao|projeto|realizacao|reporte|reuniao|reunioes|revisao|sustentacao|suporte|trabalho|tratamento"
    "|treinamento|treinamentos|validacao|abrir|acompanhar|administrar|analisar|apoiar|aplicar|apresentar"
    "|assegurar|atender|atuar|auxiliar|avaliar|colaborar|conduzir|configurar|construir|contribuir|controlar"
    "|coordenar|criar|cumprir|dar|definir|desenhar|desenvolver|documentar|efetuar|elaborar|escrever|especificar"
    "|estimar|executar|fazer|fornecer|garantir|gerar|gerenciar|gerir|identificar|implantar|implementar"
    "|instalar|integrar|interagir|levantar|liderar|manter|mapear|migrar|monitorar|organizar|orientar|otimizar"
    "|participar|planejar|prestar|promover|propor|prover|realizar|receber|reportar|resolver|responder|revisar"
    "|suportar|sustentar|testar|trabalhar|tratar|treinar|validar|responsavel|responsible|act|analyse|analyze"
    "|automate|build|check|collaborate|communicate|coordinate|create|deliver|design|develop|ensure|estimate"
    "|follow|gather|guide|identify|implement|improve|lead|maintain|manage|mentor|mitigate|monitor|own"
    "|participate|perform|plan|prepare|provide|review|run|support|take part|work"
)
# Where one will work, not what one has to know: "projeto em cliente do segmento de seguros"
_SECTOR = (
    "(?:segmento|segmentos|setor|setores|ramo|industria|clientes?|empresas?)(?: do segmento)? (?:de|do|da)"
    "|projetos?(?: (?:de|do|da))?"
)


def _either(phrases: str) -> str:
    return rf"(?<![a-z0-9])(?:{phrases})(?![a-z0-9])"


# "Perfil desejado" heads what is asked for, as "perfil" does: nobody lists only what would be nice
_DESIRED_PROFILE = _either("perfil (?:do profissional )?desejado|desired profile")
_CUES = re.compile(
    rf"(?P<neither>{_either(_NEITHER)}|{_DESIRED_PROFILE})|(?P<nice>{_either(_NICE)})|(?P<must>{_either(_MUST)})"
)
_OUTRIGHT: list[tuple[Scope, re.Pattern[str]]] = [
    ("must", re.compile(_DESIRED_PROFILE)),
    ("nice", re.compile(_either(_NICE_HEADING))),
    ("off", re.compile(rf"^(?:{_OFF_HEADING})(?![a-z0-9])")),
    ("must", re.compile(_either(_MUST))),
]
_STANDING: list[tuple[Scope, re.Pattern[str]]] = [
    *_OUTRIGHT,
    ("work", re.compile(rf"^(?:{_WORK_HEADING})(?![a-z0-9])")),
    ("", re.compile(rf"^(?:{_OTHER_HEADING})(?![a-z0-9])")),
    ("must", re.compile(_either(_MUST_HEADING))),
]
_HEADING_WORDS = frozenset(
    word
    for phrases in (_NICE_HEADING, _MUST_HEADING, _OFF_HEADING, _WORK_HEADING, _OTHER_HEADING)
    for word in re.findall(r"[a-z0-9]+", phrases)
)
_HEADING_LIMIT = 60
_GOES_ON = re.compile(r":? ?\w")
_BULLET = re.compile(r"^[\s\-–—•●▪·*>\uf0b7\d.)]*")


@dataclass(frozen=True)
class Line:
    """`start` is the line's place in the whole text, `scope` what its heading says of it."""

    start: int
    text: str
    scope: Scope


def lines(text: str) -> Iterator[Line]:
    """A heading speaks for all lines up to the next one; a heading within a line only up to a blank
    line."""
    scope: Scope = ""
    inline = False
    start = 0
    for line in text.split("\n"):
        standing, within = _standing_heading(line), _inline_heading(line)
        if standing is not None:
            scope, inline = standing, False
        elif within is not None:
            scope, inline = within, True
        elif inline and not line.strip():
            scope = ""
        yield Line(start, line, scope)
        start += len(line) + 1


def _standing_heading(line: str) -> Scope | None:
    """A line that is a heading and nothing more: `Requisitos desejáveis:`, or without the colon."""
    body = _BULLET.sub("", line).rstrip(" \t*")
    title = _folded_words(body.removesuffix(":"))
    if not title or len(title) > _HEADING_LIMIT or ":" in body[:-1]:
        return None
    if not body.endswith(":") and not _HEADING_WORDS.issuperset(title.split()):
        return None
    return _scope(title, _STANDING) or ""


def _inline_heading(line: str) -> Scope | None:
    """`Desejável: Docker`; only outright words, since `Conhecimento em nuvem: AWS` heads nothing."""
    title, colon, _ = _BULLET.sub("", line).partition(":")
    if not colon or len(title) > _HEADING_LIMIT or any(mark in title for mark in ".,;"):
        return None
    return _scope(_folded_words(title), _OUTRIGHT)


def _scope(title: str, names: list[tuple[Scope, re.Pattern[str]]]) -> Scope | None:
    return next((scope for scope, name in names if name.search(title)), None)


def _folded_words(text: str) -> str:
    return " ".join(fold_characters(text).split())


def strength(sentence: str, start: int, end: int) -> Strength | None:
    """What the sentence says of its part [start:end]: its nearest word of must or nice.

    A comma or bracket in between counts as forty characters: "Java obrigatório, Angular desejável". A word
    that opens a clause speaks of what follows it, never of what went before: "Java, SQL, desejável Angular".
    """
    nearest: tuple[int, Strength | None] = (len(sentence) * 50 + 1, None)
    for cue in _CUES.finditer(fold_characters(sentence)):
        if cue.lastgroup == "neither" or (cue.start() < end and cue.end() > start):
            continue
        if cue.start() >= end and _opens_a_clause(sentence, cue):
            continue
        between = sentence[cue.end() : start] if cue.end() <= start else sentence[end : cue.start()]
        distance = len(between) + 40 * sum(between.count(mark) for mark in ",;(")
        said: Strength = "nice" if cue.lastgroup == "nice" else "must"
        nearest = min(nearest, (distance, said), key=lambda found: found[0])
    return nearest[1]


_ASKS = re.compile(_either(_ASKED))
_WORK = re.compile(rf"[^a-z0-9]*(?:o profissional ira )?(?:{_WORK_WORDS})(?![a-z0-9])")
_ABOUT_CLIENT = re.compile(rf"{_either(_SECTOR)} *$")


def asks(sentence: str) -> bool:
    """Whether it speaks of what somebody knows or has done, as `experiência com` does."""
    return bool(_ASKS.search(fold_characters(sentence)))


def tells_of_work(sentence: str) -> bool:
    """Whether it opens with something to do: `atuar em projeto de seguros`, `apoio à equipe`."""
    return bool(_WORK.match(fold_characters(sentence[sentence.find(":", 0, _HEADING_LIMIT) + 1 :])))


def about_client(sentence: str, at: int) -> bool:
    """Whether its part from `at` on names the client's trade: `no segmento de varejo`."""
    return bool(_ABOUT_CLIENT.search(fold_characters(sentence[max(0, at - 60) : at])))


def _opens_a_clause(sentence: str, cue: re.Match[str]) -> bool:
    return sentence[: cue.start()].rstrip(" ").endswith((",", ";", "(")) and bool(
        _GOES_ON.match(sentence, cue.end())
    )
