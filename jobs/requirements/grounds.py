"""The grounds that laws name: who somebody is, and what they cannot help or need not tell."""

from django.utils.translation import gettext_lazy as _

from jobs.requirements.criterion import AGED, PEOPLE, Criterion, words

_UP_TO = r"ate|max(?:imo|\.)?(?: de)?|menos de|abaixo de"  # "40a": years, but behind something electric

GROUNDS = (
    Criterion(
        "sex",
        _("Lei 9.029/1995 forbids sex as a criterion, also the papers that only one sex has."),
        words(
            *("sexo", "sex", "generos?", "genders?", "masculin[oa]s?", "feminin[oa]s?", "males?", "females?"),
            *("homem", "homens", "mulher(?:es)?", "m[ae]n", "wom[ae]n", "rapa(?:z|zes)", "mocas?"),
            *("menin[oa]s?", "damas?", "cavalheiros?", "lad(?:y|ies)", "gentlem[ae]n", "guys?"),
            "cis(?:generos?|gender)?",
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
        words(
            *("orientacao sexual", "sexual orientation", "identidade de genero", "gender identity"),
            *(
                "heteross?exua(?:l|is)",
                "homoss?exua(?:l|is)",
                "biss?exua(?:l|is)",
                "gays?",
                "lesbi(?:cas?|ans?)",
            ),
            *("transgener[oa]s?", "transgender", "transexua(?:l|is)", "travestis?", "lgbt[a-z+]*"),
            *("^trans$", rf"{PEOPLE} trans", "trans (?:wom[ae]n|m[ae]n|people)", "nao binari[oa]s?"),
            *("non ?binary", "queer", "hetero"),
        ),
    ),
    Criterion(
        "age",
        _("Lei 9.029/1995 forbids age as a criterion. Ask for a level or for what somebody has done."),
        words(
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
            rf"|under|over|below|above|(?:(?:entre|de|between|from) )?{AGED}(?: (?:e|a|ate|and|to))?)"
            rf" {AGED} (?:anos|years)"
            r"(?! (?:de (?!idade)|of (?!age)|na|no|em|com|in|with|experience|[a-z]+ndo))",
            rf"^{AGED} (?:anos|years)$",
            rf"^(?:{_UP_TO}|acima de|under|over|below|above) {AGED}$",
            rf"^(?:entre |de |between |from )?{AGED} (?:(?:e|a|ate|and|to) )?{AGED} ?a?$",
            rf"(?:{_UP_TO}) {AGED} ?a\.?",
            rf"(?:entre |de )?{AGED} (?:(?:e|a|ate) )?{AGED} ?a\.?$",
            *("terceira idade", "melhor idade", "aposentad[oa]s?", "retired", "retirees?", "quarentoes"),
            *(rf"(?:younger|older) (?:than|{PEOPLE}|workers?|applicants?)", "(?:ano|data) de formatura"),
            *("graduation (?:year|date)", "year of graduation"),
        ),
    ),
    Criterion(
        "age",
        _(
            "It says mostly how old somebody is, and Lei 9.029/1995 forbids age as a criterion. Ask for a"
            " level (junior, trainee) or for a finished degree."
        ),
        words(
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
        words(
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
            *("casa(?:l|is)", "couples?", "recem casad[oa]s?", "noiv[oa]s?", "newly ?weds?"),
            *("spouses?", "bachelor(?:s|ettes?)? only"),
        ),
    ),
    Criterion(
        "family",
        _("Lei 9.029/1995 forbids family situation, children and pregnancy as criteria, and any test."),
        words(
            *("filh[oa]s?", "children", "kids", "child ?free", "gestantes?", "gravid[ae]s?", "gravidez"),
            *("pregnan(?:t|cy)", "maternidade", "paternidade", "maternity", "laqueadura", "vasectomia"),
            *("maes?", "mothers?", "fathers?", "pais? de familia", "donas? de casa", "situacao familiar"),
            *("planejamento familiar", "(?:atestado|exame|prova) de esterilizacao", "lactantes?"),
            *("engravid[a-z]*", "(?:exame )?beta hcg", "anticoncepciona(?:l|is)"),
            "contracepti(?:on|ves?|vos?)",
            *("birth control", "(?:certificate|proof|test) of sterili[sz]ation", "esterilizad[oa]s?"),
            "amamentando",
            r"(?:sem|nao (?:ter|possuir)|com|ate \d) (?:dependentes?(?! quimic)|bebes?|criancas?)",
            "childless",
            *("no (?:family|dependents|babies|kids)", "(?:sem )?(?:compromissos|encargos) familiares"),
            *("family (?:commitments|status|plans)", "pais? solteir[oa]s?", "child ?bearing", "sem familia"),
        ),
    ),
    Criterion(
        "appearance",
        _("Looks are no criterion: Lei 9.029/1995 forbids what stands for race, sex, age or health."),
        words(
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
            *("barbas?", "barbead[oa]s?", "bigodes?", "clean ?shaven", "beards?", "loir[oa]s?"),
            *("moren[oa]s?", "ruiv[oa]s?"),
            *("blondes?", "bem apessoad[oa]s?", "boa estampa", "well groomed", "good looks?"),
            *("handsome", "beautiful"),
            *("(?:minimum|maximum) (?:height|weight)", r"height (?:of|above|over) \d[\w ,.]*"),
            *("body weight", "imc", "bmi"),
            *("indice de massa corporal", "(?:boa|otima) denticao", "dentes (?:perfeitos|bonitos)"),
            "presentable",
        ),
    ),
    Criterion(
        "religion",
        _("The Constitution and Lei 9.029/1995 forbid religion as a criterion."),
        words(
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
            *("budistas?", "buddhists?", "hindu(?:s|ista|istas)?", "testemunhas? de jeova"),
            *("mormon(?:s|es)?", "crentes?"),
            *("candomblecistas?", "umbanda", "macumbeir[oa]s?", "atheists?", "agnostic[oa]s?", "deus"),
            "god ?fearing",
            *("guardar o sabado", "sabbath", "hijab", "turbantes?", "biblia", "bible"),
        ),
    ),
    Criterion(
        "race",
        _("Lei 9.029/1995 forbids race, colour and ethnicity as criteria; Lei 7.716/1989 makes it a crime."),
        words(
            *("racas?", "races?", "racia(?:l|is)", "etnias?", "etnic[oa]s?", "ethnic(?:ity)?", "cor da pele"),
            *(
                "skin colou?r",
                rf"{PEOPLE} (?:branc|pret|amarel)[oa]s?",
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
                rf"(?:white|black|asian) {PEOPLE}",
                "^(?:white|black)s?$",
            ),
            *(
                "african american",
                "asiatic[oa]s?",
                "asians?",
                "orientais",
                "latinx",
                "afro(?:brasileir[oa]s?)?",
            ),
            "cigan[oa]s?",
        ),
    ),
    Criterion(
        "origin",
        _(
            "Lei 9.029/1995 forbids origin and nationality as criteria. What the law asks is the right to"
            " work: ask for a work permit."
        ),
        words(
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
            *("sotaques?", "(?:no|neutral|without(?: an?)?|foreign|strong|american|british) accent"),
            "accent free",
            *("naturalizad[oa]s?", "refugiad[oa]s?", "refugees?", "^natural d[eo] [a-z ]+", "gring[oa]s?"),
            "(?:ser|so|somente|apenas|only) (?:carioca|paulista|mineir|gauch|baian|cearens)[a-z]*",
        ),
    ),
    Criterion(
        "native",
        _("Who grew up with a language is a matter of origin. Ask for the level: English, fluent."),
        words(
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
        words(
            *(
                "pcds?",
                "pnes?",
                "deficiencias?",
                "deficientes?",
                "disabilit(?:y|ies)",
                "disabled",
                "handicap(?:ped)?",
            ),
            *("cadeirantes?", "surd[oa]s?", "autistas?", "ceg[oa]s?", "blind people"),
            *("laudo (?:medico|caracterizador)", "neuro(?:divergentes?|atipic[oa]s?)", "tdah"),
            "wheelchairs?",
            *("reabilitad[oa]s? (?:do|pelo) inss", "(?:reservad[oa]|exclusiv[oa]) (?:a|para) pcds?"),
        ),
    ),
    Criterion(
        "union",
        _("The Constitution (art. 8 V) leaves unions and parties to everybody's own choice."),
        words(
            *("sindicat[oa]s?", "sindicalizad[oa]s?", "sindicalistas?", "trade unions?", "labou?r unions?"),
            *("union (?:member(?:s|ship)?|status|free)", "(?:non )?unioni[sz]ed", "(?:nao )?militantes?"),
            *("partido politico", "filiacao (?:partidaria|sindical)", "political part(?:y|ies)", "petistas?"),
            *("bolsonaristas?", "lulistas?", "comunistas?", "fascistas?", "communists?", "marxistas?"),
            "sem partido",
            *("opiniao politica", "political (?:opinions?|views?|affiliations?)"),
            "conviccoes? (?:politica|filosofica)s?",
            *("(?:posicionamento|posicao|ideologia|orientacao) politic[oa]", "(?:left|right) wing"),
            "(?:ser )?apolitic[oa]s?",
            "(?:ser |pessoas? |politicamente )(?:de )?(?:direita|esquerda|conservador(?:a|es)?)",
            "anti ?petistas?",
        ),
    ),
    Criterion(
        "place",
        _(
            "District and postal code stand for income and race. Set the job's city: distance counts only"
            " where the work is on site."
        ),
        words(
            *("bairros?", "cep", r"cep \d[\d .]*", "(?:mesmo )?cep (?:de|do|da) [a-z]+", "postal codes?"),
            *("zip ?codes?", "neighbou?rhoods?", "^districts?$", "zona (?:sul|norte|leste|oeste)"),
            *(
                "mora(?:r|dor(?:es)?|doras?)?",
                "resid(?:ir|a|e|indo)",
                "liv(?:es?|ing) (?:near|in|close|within)[a-z ]*",
            ),
            *("residentes? (?:em|no|na|proxim[oa]s?)[a-z ]*", "domiciliad[oa]s?", "local residents?"),
            "residents? (?:of|in)",
            *("endereco (?:em|no|na|proximo)[a-z ]*", r"ate \d+ ?(?:km|minutos) d[oae] [a-z ]+"),
            "uma (?:unica )?conducao",
            "(?:sem|nao (?:precis|us|utiliz|necessit|depend)[a-z]*(?: d[eo])?) vale transporte",
            *("favelas?", "comunidade carente"),
            *("perto d[oae][a-z ]*", "proximidades", "(?:proxim[oa]|vizinh[oa]) (?:ao|a|do|da) [a-z ]+"),
        ),
    ),
)
