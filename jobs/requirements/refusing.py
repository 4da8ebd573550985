"""Criteria that nobody may be asked to meet, and ways of writing them that only seem to be something else.

Lei 9.029/1995 art. 1 forbids sex, origin, race, colour, marital status, family situation, disability and age;
the Constitution (art. 7 XXX, 8 V) and the LGPD (art. 5 II) add religion, unions, opinions and health. What
stands for one of them (a district, a photo, "recém-formado") is refused too, with what to ask for instead.

Words are looked for as the folding of candidates.folding leaves them: lower case, no accents. The subject of
somebody's work ("saúde da mulher", "race conditions") is no criterion and passes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobs.requirements.disguises import undisguised


@dataclass(frozen=True)
class Criterion:
    code: str
    reason: Promise
    words: re.Pattern[str]


@dataclass(frozen=True)
class Refusal:
    """``found``: the words, as folded."""

    criterion: Criterion
    found: str

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def sentence(self) -> str:
        return gettext("“%(words)s” cannot be asked for. %(reason)s") % {
            "words": self.found,
            "reason": self.criterion.reason,
        }


def refused(text: str) -> Refusal | None:
    """Why these words may not be a requirement; None when they may."""
    folded = undisguised(text)
    cleared = _PASSES.sub(lambda found: "#" * len(found[0]), folded)
    end = 0
    for criterion, found in sorted(_finds(cleared), key=lambda find: (find[1].start(), -find[1].end())):
        if found.start() < end:
            continue  # a part of what was looked at
        end = found.end()
        if not _SUBJECT.search(cleared[: found.start()]):
            return Refusal(criterion, found[0])
    return None


def _finds(folded: str) -> Iterator[tuple[Criterion, re.Match[str]]]:
    for criterion in CRITERIA:
        for found in criterion.words.finditer(folded):
            yield criterion, found


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(patterns)})(?![a-z0-9])")


_PEOPLE = r"(?:pessoas?|profissiona(?:l|is)|candidat[oa]s?|people|persons?|m[ae]n|wom[ae]n|candidates?)"
_AGED = r"(?:1[4-9]|[2-9]\d)"

CRITERIA = (
    Criterion(
        "sex",
        _("Lei 9.029/1995 forbids sex as a criterion, also the papers that only one sex has."),
        _words(
            *("sexo", "sex", "generos?", "genders?", "masculin[oa]s?", "feminin[oa]s?", "males?", "females?"),
            *("homem", "homens", "mulher(?:es)?", "m[ae]n", "wom[ae]n", "rapa(?:z|zes)", "mocas?"),
            *(
                "girls?",
                "boys?",
                "garot[oa]s?",
                "senhoras?",
                "reservistas?",
                "servico militar",
                "quitacao militar",
            ),
        ),
    ),
    Criterion(
        "orientation",
        _("Whom somebody loves and how they live is private: Lei 9.029/1995 forbids it as a criterion."),
        _words(
            *("orientacao sexual", "sexual orientation", "identidade de genero", "gender identity"),
            *(
                "heteross?exua(?:l|is)",
                "homoss?exua(?:l|is)",
                "biss?exua(?:l|is)",
                "gays?",
                "lesbi(?:cas?|ans?)",
            ),
            *("transgener[oa]s?", "transgender", "transexua(?:l|is)", "travestis?", "lgbt[a-z+]*"),
        ),
    ),
    Criterion(
        "age",
        _("Lei 9.029/1995 forbids age as a criterion. Ask for a level or for what somebody has done."),
        _words(
            *(
                "(?:mai|men)or(?:es)? de idade",
                "idade",
                "faixa etaria",
                "etari[oa]s?",
                "age",
                "ages",
                "aged",
                "years? old",
                "years? of age",
            ),
            *(
                "nascid[oa]s?",
                "(?:data de )?nascimento",
                "birth ?da(?:te|y)s?",
                "date of birth",
                r"born (?:in|on|after|before) .*\d",
            ),
            *("jovem", "jovens", "young", "youth", "idos[oa]s?", "elderly", "velh[oa]s?", "maioridade"),
            rf"(?:ate|max(?:imo|\.)?(?: de)?|menos de|(?:mai|men)or(?:es)? de|acima de|abaixo de"
            rf"|under|over|below|above|(?:(?:entre|de|between|from) )?{_AGED}(?: (?:e|a|ate|and|to))?)"
            rf" {_AGED} (?:anos|years)"
            r"(?! (?:de (?!idade)|of (?!age)|na|no|em|com|in|with|experience|[a-z]+ndo))",
            rf"^{_AGED} (?:anos|years)$",
            rf"^(?:ate|under|over|below|above) {_AGED}$",
        ),
    ),
    Criterion(
        "age",
        _(
            "It says mostly how old somebody is, and Lei 9.029/1995 forbids age as a criterion. Ask for a"
            " level (junior, trainee) or for a finished degree."
        ),
        _words(
            r"(?:formad|graduad)[oa]s? (?:a partir|apos|depois|desde|antes)(?: de)? (?:19|20)\d\d",
            r"graduated (?:after|since|before) (?:19|20)\d\d",
            r"(?:formad|graduad)[oa]s? ha (?:menos de|ate|no maximo) \d+ anos?",
            r"(?:ate|maximo(?: de)?|menos de) \d+ anos? de (?:formad|graduad)[oa]s?",
            *("recem formad[oa]s?", "recem graduad[oa]s?", "recent(?:ly)? graduate[ds]?", "new grads?"),
            *(
                "nativ[oa]s? digita(?:l|is)",
                "digital natives?",
                "geracao [xyz]",
                "generation [xyz]",
                "millennials?",
            ),
        ),
    ),
    Criterion(
        "marital",
        _("Lei 9.029/1995 forbids marital status as a criterion."),
        _words(
            *(
                "estado civil",
                "marital(?: status)?",
                "solteir[oa]s?",
                "casad[oa]s?",
                "divorciad[oa]s?",
                "viuv[oa]s?",
            ),
            *("married", "unmarried", "divorced", "widow(?:ed|er)?s?", "conjuges?", "esposas?", "maridos?"),
            *("wife", "husband", "uniao estavel", "single (?:man|woman|person|people)", "^single$"),
        ),
    ),
    Criterion(
        "family",
        _("Lei 9.029/1995 forbids family situation, children and pregnancy as criteria, and any test."),
        _words(
            *("filh[oa]s?", "children", "kids", "child ?free", "gestantes?", "gravid[ae]s?", "gravidez"),
            *("pregnan(?:t|cy)", "maternidade", "paternidade", "maternity", "laqueadura", "vasectomia"),
            *("maes?", "mothers?", "fathers?", "pais? de familia", "donas? de casa", "situacao familiar"),
            *("planejamento familiar", "(?:atestado|exame|prova) de esterilizacao", "lactantes?"),
        ),
    ),
    Criterion(
        "appearance",
        _("Looks are no criterion: Lei 9.029/1995 forbids what stands for race, sex, age or health."),
        _words(
            *(
                "(?:boa |otima )?aparencia",
                "boa apresentacao(?: pessoal)?",
                "apresentacao pessoal",
                "appearance",
            ),
            *(
                "fotos?",
                "photos?",
                "fotogenic[oa]s?",
                "good looking",
                "attractive",
                "bonit[oa]s?",
                "manequim",
            ),
            *(r"altura (?:minima|maxima|de \d)[\w ,.]*", "estatura", "peso (?:minimo|maximo|ideal|corporal)"),
            *("magr[oa]s?", "obes[oa]s?", "gord[oa]s?", "tatuage(?:m|ns)", "tattoos?", "piercings?"),
            *("cor d[oa]s? (?:cabelos?|olhos)", "cabelos?"),
        ),
    ),
    Criterion(
        "religion",
        _("The Constitution and Lei 9.029/1995 forbid religion as a criterion."),
        _words(
            *("religi(?:ao|oes)", "religios[oa]s?", "religi(?:on|ons|ous)", "catolic[oa]s?", "catholics?"),
            *(
                "evangelic[oa]s?",
                "crista(?:os?|s)?",
                "crist(?:ao|aos)",
                "christians?",
                "protestant(?:es?|s)?",
            ),
            *(
                "jude(?:u|us|ia|ias)",
                "jew(?:s|ish)?",
                "muculman[oa]s?",
                "muslims?",
                "islamic[oa]s?",
                "espiritas?",
            ),
            *("umbandistas?", "candomble", "ateu(?:s)?", "ateia", "adventistas?", "sabatistas?", "batistas?"),
            *("igrejas?", "church(?:es)?", "temente a deus", "fe em deus"),
        ),
    ),
    Criterion(
        "race",
        _("Lei 9.029/1995 forbids race, colour and ethnicity as criteria; Lei 7.716/1989 makes it a crime."),
        _words(
            *("racas?", "races?", "racia(?:l|is)", "etnias?", "etnic[oa]s?", "ethnic(?:ity)?", "cor da pele"),
            *(
                "skin colou?r",
                rf"{_PEOPLE} (?:branc|pret|amarel)[oa]s?",
                "(?:cor|pele) (?:branc|pret|clar|escur)[oa]",
            ),
            *(
                "^branc[oa]s?$",
                "^pret[oa]s?$",
                "negr[oa]s?",
                "pard[oa]s?",
                "mulat[oa]s?",
                "afrodescendentes?",
            ),
            *(
                "indigenas?",
                "quilombolas?",
                "caucasians?",
                "hispanics?",
                rf"(?:white|black|asian) {_PEOPLE}",
                "^(?:white|black)s?$",
            ),
        ),
    ),
    Criterion(
        "origin",
        _(
            "Lei 9.029/1995 forbids origin and nationality as criteria. What the law asks is the right to"
            " work: ask for a work permit."
        ),
        _words(
            *("nacionalidades?", "nationalit(?:y|ies)", "naturalidade", "brasileir[oa]s? nat[oa]s?"),
            *("(?:ser|so|somente|apenas) brasileir[oa]s?", "^brasileir[oa]s?$", "citizenship"),
            *("(?:us|u.s.|eu|brazilian) citizens?", "cidadania (?:brasileir|italian|portugues|europei)a"),
            *(
                "nao (?:ser )?estrangeir[oa]s?",
                "^estrangeir[oa]s?$",
                "^foreigners?$",
                "imigrantes?",
                "immigrants?",
            ),
            *("nordestin[oa]s?", "sulistas?", "place of birth", "local de nascimento"),
        ),
    ),
    Criterion(
        "native",
        _("Who grew up with a language is a matter of origin. Ask for the level: English, fluent."),
        _words(
            *(
                "native (?:speakers?|english|spanish|portuguese|level)",
                "(?:english|spanish|portuguese) natives?",
            ),
            *(
                "falantes? nativ[oa]s?",
                "nativ[oa]s? em",
                "(?:ingles|espanhol|portugues|nivel|idioma) nativ[oa]",
            ),
            *("lingua(?:s)? materna(?:s)?", "mother tongue", "mother language", "first language"),
        ),
    ),
    Criterion(
        "disability",
        _(
            "Lei 9.029/1995 forbids disability and illness as criteria. A job that is reserved for people"
            " with disabilities says so itself, in its own field."
        ),
        _words(
            *(
                "pcds?",
                "pnes?",
                "deficiencias?",
                "deficientes?",
                "disabilit(?:y|ies)",
                "disabled",
                "handicap(?:ped)?",
            ),
            *("cadeirantes?", "surd[oa]s?", "autistas?", "sem doencas?", "boa saude", "saude perfeita"),
            *(
                "able bodied",
                "good health",
                "healthy",
                "hiv",
                "soropositiv[oa]s?",
                "laudo (?:medico|caracterizador)",
            ),
        ),
    ),
    Criterion(
        "union",
        _("The Constitution (art. 8 V) leaves unions and parties to everybody's own choice."),
        _words(
            *("sindicat[oa]s?", "sindicalizad[oa]s?", "sindicalistas?", "trade unions?", "labou?r unions?"),
            *("union (?:member(?:s|ship)?|status|free)", "(?:non )?unioni[sz]ed", "(?:nao )?militantes?"),
            *("partido politico", "filiacao (?:partidaria|sindical)", "political part(?:y|ies)", "petistas?"),
            *("bolsonaristas?", "opiniao politica", "political opinions?"),
        ),
    ),
    Criterion(
        "place",
        _(
            "District and postal code stand for income and race. Set the job's city: distance counts only"
            " where the work is on site."
        ),
        _words(
            *("bairros?", "cep", r"cep \d[\d .]*", "(?:mesmo )?cep (?:de|do|da) [a-z]+", "postal codes?"),
            *("zip ?codes?", "neighbou?rhoods?", "^districts?$", "zona (?:sul|norte|leste|oeste)"),
            *(
                "mora(?:r|dor(?:es)?|doras?)?",
                "resid(?:ir|a|e|indo)",
                "liv(?:es?|ing) (?:near|in|close|within)[a-z ]*",
            ),
            *("perto d[oae][a-z ]*", "proximidades", "(?:proxim[oa]|vizinh[oa]) (?:ao|a|do|da) [a-z ]+"),
        ),
    ),
)

# What only seems to name a criterion
_PASSES = _words(
    *("generos? (?:alimenticios?|textua(?:l|is)|literari[oa]s?)", "home(?:m|ns) horas?", "office ?boys?"),
    *("(?:seg|segunda) (?:a|ate|e) sex", "jovem aprendiz"),
    *("jovens aprendizes", "young (?:professionals|talents?)"),
    *("idade (?:de|do|da|dos|das) (?!candidat|pessoa|profissiona|equipe)[a-z]+", "minimum viable"),
    *("age of data",),
    *("age (?:verification|gates?|analysis)",),
    *("(?:conta|empresa|tarefa|classe|tabela|issue|subsidiaria)s? filhas?",),
    *("placas? maes?", "contas? maes?"),
    *("(?:venda|compra) casada", "single (?:sign|page|source|responsibility)"),
    *("(?:hospital|hospital e) maternidade", "licenca (?:maternidade|paternidade)", "salario maternidade"),
    *("fotos? (?:de )?produtos?", "trabalhos? em altura", "alturas?$", "look and feel"),
    *(
        "(?:universidade|faculdade|pontificia|colegio|escola|instituto|universidade presbiteriana)"
        "(?: [a-z]+){0,2} (?:catolic|evangelic|adventista|batista|crista)[a-z]*",
    ),
    *("race (?:conditions?|cars?)", "listas? (?:negr|branc)as?"),
    *("caixas? (?:negr|branc|pret)as?", "ouro negro"),
    *("(?:react|cloud|kubernetes|java|android|ios|mobile) native",),
    *("nativ[oa]s? (?:android|ios|mobile|cloud)",),
    *("controle estatistico (?:de|do) processos?(?: cep)?", "cep controle estatistico (?:de|do) processos?"),
    *("morar (?:fora|no exterior)", "disponibilidade (?:para|de) (?:morar|residir)[a-z ]*"),
    *("moradores de rua",),
    *("(?:teste|duplo|estudo)s? cegos?",),
    *("(?:relacoes|legislacao|direito|negociacao|homologacao) sindica(?:l|is)",),
    *("healthy (?:foods?|habits?)", "union all"),
)  # fmt: skip

_LINKS = (
    r"(?: (?:de|da|do|das|dos|a|ao|aos|as|com|para|em|e|por|contra|entre|na|no|of|for|to|with|in|on|and|the))"
)
# After these words, linked to it, the criterion is the subject of somebody's work
_WORK = (
    "atendimento|assistencia|cuidados?|cuidador[a-z]*|acompanhamento|educacao|ensino|aulas?|saude|direitos?"
    "|protecao|seguranca|apoio|servicos?|produtos?|marketing|literatura|dados|politicas?|diversidade|inclusao"
    "|igualdade|equidade|acessibilidade|edicao|tratamento|banco|producao|negociacao|negociacoes|relacoes"
    "|relacionamento|certidao|certidoes|registros?|recrutamento|contratacao|estudos?|pesquisas?|historia"
    "|interpretes?|libras|gestao|programas?|projetos?|enfermagem|turismo|combate|prevencao|discriminacao"
    "|care|caring|teaching|working|work|health|rights|support|services|inclusion|diversity|equality"
    "|accessibility|equity|policies|editing|research|education|training"
)
# After these also without a link: "moda feminina", "teaching children"
_TRADE = (
    "moda|futebol|publico|saude|vestuario|calcados?|roupas?|perfumaria|confeccao|enfermagem|direito|teaching"
    "|igualdade|diversidade|inclusao|acessibilidade|accessibility|diversity|edicao|tratamento"
)
_SUBJECT = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_WORK}){_LINKS}{{1,2}}(?: {_PEOPLE})?{_LINKS}{{0,2}}|(?:{_TRADE})) $"
)
