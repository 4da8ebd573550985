"""Phrases that tell of a disability, a religious community, or a circle of women or men.

Closed lists, for text folded by `text.fold`. Each entry is the words of which one must be in a text, and the
pattern then taken out. Words that are a trade or a skill beside ("libras", "visual", "suporte", "mobile")
go only inside such a phrase; single words that tell as much are in `text.PERSONAL_TERMS`.
"""

from __future__ import annotations

from typing import Final

Phrase = tuple[str, str]  # triggers, pattern

# ---- disability and health ----

_WHO: Final = (
    r"(?:\b(?:sou|pessoas?|profissional|candidat[oa]|uma?|portador(?:a|as|es)?\sd[eo]|com|tenho|possuo|possui"
    r"|laudo\sd[eo]|diagnostico\sd[eo]|diagnosticad[oa]\s(?:com|como|no)|person|with|am|i|an?|vagas?|cotas?"
    r"|para)[ \t]){0,4}"
)
_KIND: Final = (
    r"(?:fisic[oa]s?|visua(?:l|is)|auditiv[oa]s?|intelectua(?:l|is)|menta(?:l|is)|motora?e?s?|multipl[oa]s?"
    r"|psicossocia(?:l|is)|neurologic[oa]|cognitiv[oa]|sensoria(?:l|is))"
)
_HOW_MUCH: Final = (
    r"(?:\s(?:leve|moderad[oa]|sever[oa]|profund[oa]|parcia(?:l|is)|tota(?:l|is)|unilatera(?:l|is)"
    r"|bilatera(?:l|is)|congenit[oa]|adquirid[oa]|permanente|oralizad[oa]s?|sinalizad[oa]s?|de\snascenca)\b)*"
)
_ANSWER: Final = r"(?:[ \t]{0,2}[:?-][ \t]{0,2}(?:sim|nao|yes|no|nenhuma|none)\b)?"
_LEVEL_OF_SUPPORT: Final = (
    r"(?:,?\s(?:de\s)?(?:nivel|grau)\s(?:de\ssuporte\s)?(?:[1-3]|i{1,3})\b(?:\sde\ssuporte\b)?|\sleve\b)?"
)
_STEMS: Final = (
    "cadeirante", "neurodivergente", "neuroatipico", "neuroatipica", "surdo", "surda", "cego", "cega",
    "surdocego", "surdocega", "dislexico", "dislexica", "epileptico", "epileptica", "esquizofrenico",
    "esquizofrenica", "tetraplegico", "tetraplegica", "paraplegico", "paraplegica", "hemiplegico",
    "hemiplegica", "amputado", "amputada", "ostomizado", "ostomizada", "soropositivo", "soropositiva", "pcd",
    "ppd", "pne", "pwd",
)  # fmt: skip
_CONDITIONS: Final = (
    "surdez", "cegueira", "surdocegueira", "tdah", "adhd", "dislexia", "discalculia", "nanismo", "epilepsia",
    "esquizofrenia", "bipolaridade", "neurodivergencia", "tetraplegia", "paraplegia", "hemiplegia",
    "asperger", "tourette", "fibromialgia", "hiv", "deaf", "dyslexia", "dyslexic", "wheelchair",
    "neurodivergent",
)  # fmt: skip
_ALL_CONDITIONS: Final = (*_STEMS, *(f"{stem}s" for stem in _STEMS), *_CONDITIONS)
_DISORDER: Final = (
    "d[aeo]s?|com|por|espectro|autista|autismo|deficit|atencao|hiperatividade|bipolar|ansiedade|generalizada"
    "|depressivo|global|globais|desenvolvimento|obsessivo|compulsivo|personalidade|mental|mentais|borderline"
    "|humor|afetivo|linguagem|aprendizagem"
)
DISABILITY: Final[tuple[Phrase, ...]] = (
    (
        "transtorno transtornos",
        rf"{_WHO}\btranstornos?(?:[\s-]+(?:{_DISORDER})\b){{1,9}}(?:\s?\((?:tea|tdah|tag|toc)\))?"
        rf"{_LEVEL_OF_SUPPORT}",
    ),
    (
        "autista autistas autismo autistic autism tea",
        rf"{_WHO}\b(?:(?:no|do)\s)?(?:espectro\s(?:d[oe]\s)?)?(?:autistas?|autismo|autistic|autism)\b"
        rf"(?:\s?[(/-]\s?tea\)?)?(?:\sspectrum)?{_LEVEL_OF_SUPPORT}(?:\s?[(/-]\s?tea\b\)?)?"
        r"|\b(?:com|tenho|possuo|portadora?\sd[eo]|laudo\sd[eo]|diagnostico\sd[eo])\stea\b"
        rf"{_LEVEL_OF_SUPPORT}|\btea\s(?:nivel|grau)\s(?:de\ssuporte\s)?(?:[1-3]|i{{1,3}})\b(?:\sde\ssuporte)?",
    ),
    (
        "deficiencia deficiencias deficiente deficientes especiais",
        rf"{_WHO}\b(?:(?:deficiencias?|deficientes?)\b(?:\s{_KIND}\b){{0,2}}|necessidades\sespeciais\b)"
        rf"{_HOW_MUCH}{_ANSWER}",
    ),
    (
        "disability disabilities disabled impaired impairment",
        rf"{_WHO}\b(?:(?:physical|visual|hearing|visually|physically|mental|intellectual)(?:ly)?\s)?"
        rf"(?:disabilit(?:y|ies)|disabled|impair(?:ed|ment))\b{_ANSWER}",
    ),
    ("visao", rf"{_WHO}\bbaixa\svisao\b{_HOW_MUCH}"),
    ("subnormal monocular", rf"{_WHO}\bvisao\s(?:subnormal|monocular)\b"),
    ("mobilidade", rf"{_WHO}\bmobilidade\sreduzida\b"),
    (
        "auditiva auditivo auditivos audicao coclear",
        rf"{_WHO}\b(?:usuari[oa]\sde\s)?(?:(?:perda|baixa)\s(?:auditiva|audicao|da\saudicao)"
        rf"|aparelhos?\sauditivos?|implante\scoclear)\b{_HOW_MUCH}",
    ),
    ("rodas muletas", r"(?:\b(?:usuari[oa]|uso)\s(?:de\s)?)?\b(?:cadeiras?\sde\srodas|muletas)\b"),
    ("sindrome syndrome", rf"{_WHO}\b(?:sindrome\sd[aeo]\s\w+|(?:down|asperger)(?:'?s)?\ssyndrome)\b"),
    ("deficit", r"deficit\sde\satencao\b(?:\s(?:com|e)\shiperatividade\b)?(?:\s?\(tdah\))?"),
    ("paralisia esclerose", rf"{_WHO}\b(?:paralisia\scerebral|esclerose\smultipla)\b"),
    ("cid", r"\bcid\b(?:[ -]?1[01])?[ \t:.-]{0,3}(?:[a-z]\d{2}(?:\.\d)?\b)?"),
    ("reabilitado reabilitada", r"\breabilitad[oa]\s(?:pelo|do|no)\sinss\b"),
    (
        " ".join(_ALL_CONDITIONS),
        rf"{_WHO}\(?\b(?:{'|'.join(sorted(_ALL_CONDITIONS, key=len, reverse=True))})\b"
        rf"(?:[ -]mud[oa]s?\b|\susers?\b)?\)?{_HOW_MUCH}{_ANSWER}",
    ),
)

# ---- religion ----

# Text is folded, so that no capital tells a name: words go on being the name's until one of these.
_NO_NAME: Final = (
    r"(?:com|como|para|por|pel[oa]s?|desde|ate|onde|que|quando|e|ou|em|n[oa]s?|aos?|a|o|as|os|uma?|and|in|as|at)\b"
    r"|\w+ndo\b|\w*\d|(?:analist|assist|auxili|desenvolv|program|coorden|geren|superv|tecnic|volunt|estagi"
    r"|profess|secretar|lider|diret|consult|engenh|recepc|atend|vended|operador|experien|formac|idioma|curso|ativid"
    r"|respons|princip|cargo|func|period|gest|administr|financ|suport|projet|sistem|conhec|habilid)"
)
_NAME: Final = (
    rf"(?:[ \t]{{1,2}}(?:d[aeo]s?[ \t])?(?!{_NO_NAME}|d[aeo]s?\b)[a-z']+\b){{0,5}}"
    r"(?:[ \t](?:no|do)[ \t]brasil\b)?"
)
_AT: Final = r"(?:\b(?:n[oa]s?|d[aeo]s?|pel[oa]|[ao]|the|at)[ \t])?"
RELIGION: Final[tuple[Phrase, ...]] = (
    (
        "igreja igrejas church churches paroquia paroquias paroquial pastoral terreiro sinagoga synagogue"
        " mosque templo diocese arquidiocese catedral basilica congregacao mocidade desbravadores",
        rf"{_AT}\b(?:igrejas?|paroquias?|paroquial|pastoral|terreiro|sinagoga|templo|diocese|arquidiocese"
        rf"|catedral|basilica|congregacao\scrista|mocidade\sespirita|clube\sde\sdesbravadores)\b{_NAME}"
        rf"|{_AT}\b(?:(?:baptist|catholic|methodist|presbyterian|evangelical|lutheran|adventist|pentecostal)\s)?"
        r"(?:church(?:es)?|synagogue|mosque)\b(?:\sof\s\w+)?",
    ),
    (
        "espirita espiritas umbanda candomble",
        rf"{_AT}\b(?:centro|casa|tenda|nucleo|grupo|sociedade|federacao|fraternidade)\s(?:d[aeo]s?\s)?"
        rf"(?:estudos\s)?(?:espiritas?|umbanda|candomble)\b{_NAME}",
    ),
    (
        "deus jeova dominical biblica",
        rf"{_AT}\b(?:assembleia\sde\sdeus|testemunhas?\sde\sjeova|escola\s(?:biblica\s)?dominical"
        rf"|escola\sbiblica)\b{_NAME}",
    ),
    ("mesquita", r"\b(?:na|a)\smesquita\b"),  # elsewhere a surname and a city
)

# ---- circles of women or men ----

_PEOPLE: Final = r"(?:mulheres|homens|meninas|meninos|garotas|garotos)"
_FIELD: Final = (
    r"(?:\s(?:em|n[oa]s?|d[aeo]s?)\s(?:ti|t\.i\.|tecnologia|dados|computacao|exatas|stem|programacao|engenharia"
    r"|ciencias?|lideranca|negocios|conselho|industria|software|tech|cloud|mercado|informatica)\b)?"
)
_CIRCLE: Final = (
    r"(?:(?:coletivo|grupo|rede|comunidade|comite|associacao|movimento|liga|encontro|programa|frente|nucleo)\s"
    r"(?:d[aeo]s?|para|por)\s)?"
)
COMMUNITIES: Final[tuple[Phrase, ...]] = (
    (
        "mulheres homens meninas meninos garotas garotos",
        rf"{_AT}\b{_CIRCLE}(?:jovens\s|so\s)?{_PEOPLE}\b(?:\snegr[oa]s|\stranse?s?)?{_FIELD}",
    ),
    (
        "coletivo comite",
        r"\b(?:coletivo|comite)\s(?:feminin[oa]|feminista|masculin[oa]|negr[oa]|lgbt\w*|d[aeo]\smulher)\b",
    ),
    (
        "women men girls boys ladies",
        r"\b(?:(?:women|men|girls|boys|ladies)\s(?:in|who|that)\s(?:\w+\s)?(?:tech|technology|code|data|it|stem"
        r"|engineering|science|cloud|business|leadership)"
        r"|(?:django|rails|black|r|py)[ -](?:girls|ladies|boys|men|women)|women\stechmakers)\b",
    ),
)
