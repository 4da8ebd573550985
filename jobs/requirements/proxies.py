"""What pries without need, or stands for a ground that the law names: debts, records, years, private life."""

from django.utils.translation import gettext_lazy as _

from jobs.requirements.criterion import Criterion, words

_NUMBER = (
    r"(?:(?<![.,\d])\d+\+?|um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|doze|quinze|vinte|varios"
    r"|muitos|one|two|three|four|five|six|seven|eight|nine|ten|several|many)"
)
_RANGE = rf"{_NUMBER}(?: (?:(?:a|ate|e|ou|to|or) )?{_NUMBER})?"
_YEARS = rf"{_RANGE} ?\+?(?: (?:ou mais|or more|plus))?(?: ou mais)? ?(?:anos?|years?|yrs?)"
_MANY_MONTHS = r"(?:(?:mais de|acima de|superior a|more than|over) 6|[7-9]|[1-9]\d+) ?\+? ?(?:meses|months)"
_LONG = rf"(?:{_YEARS}|{_MANY_MONTHS})"
_DONE = r"(?:experiencias?|experience|vivencia|atuacao|pratica|carreira|mercado|exp|practice|seniority)"
_HAVING = (
    r"(?:(?:sem|nao (?:ter|possuir|tenha|possua|haver|constar)|nunca (?:ter|teve)|no|without(?: an?| any)?)"
    r"(?: tido| sido| qualquer| nenhuma?)?)"
)
_LICENCE = (
    r"(?:cnh|carteira(?: (?:de|nacional de))? (?:habilitacao|motorista)|habilitacao)"
    r"(?: (?:categoria )?[a-e]{1,2}(?: (?:e|ou) [a-e])?)?"
)
_VEHICLE = r"(?:carro|veiculo|automovel|moto(?:cicleta)?)(?: propri[oa])?"
_BUREAU = r"(?:spc|serasa|scpc|boa vista scpc|cadin)"

PROXIES = (
    Criterion(
        "experience",
        _(
            "CLT art. 442-A forbids asking for more than six months of experience in the same kind of work."
            " Ask for a level (junior, senior) or for what somebody has done."
        ),
        words(
            rf"{_LONG} (?:ou mais |or more )?(?:de |of |d[ao]s? )?(?:[a-z]+ (?:de |of )?){{0,2}}{_DONE}",
            (
                rf"{_LONG} (?:em|com|como|no|na|nos|nas|in|with|as|using|working|trabalhando|atuando"
                rf"|desenvolvendo)"
            ),
            rf"{_DONE} (?:[a-z]+ ){{0,4}}{_LONG}",
            r"(?:anos|years|yrs) (?:de |of )(?:[a-z]+ (?:de |of )?){0,2}" + _DONE,
            (
                "(?:experiencia|experience) (?:superior a|acima de|de mais de|over|above) (?:6|seis"
                "|six) (?:meses|months)"
            ),
        ),
    ),
    Criterion(
        "credit",
        _(
            "Debts say nothing of somebody's work: the LGPD (art. 6) allows only data that the work needs,"
            " and Lei 9.029/1995 forbids practices that keep people out of work."
        ),
        words(
            "nomes? (?:limp|suj)os?(?: n[ao] (?:praca|spc|serasa))?",
            "cpf (?:limpo|suj[oa]|sem restric[a-z]+)",
            (
                r"(?:consultas?|pesquisas?|verificacao|checagem|restric[a-z]+|pendencias?|registros?"
                r"|inscric[a-z]+|consta[a-z]*|sem"
                rf"|cadastro|negativad[oa]s?|inscrit[oa]s?|limp[oa]s?|nome)(?: a?[on][oa]?s?| d[oae]| em"
                rf"| a)? {_BUREAU}(?: (?:e|ou|and|or)? ?{_BUREAU})?"
            ),
            (
                r"spc(?: brasil)?(?: (?:e|ou|and|or|nem))? serasa|(?:analise"
                r"|consultas?)(?: n?[oad]?[aoe]?)? spc serasa"
            ),
            *("serasa(?! experian)", "serasa experian (?:limp[oa]|sem)"),
            *("^spc (?:limpo|ok|sem)[a-z ]*", "scpc"),
            (
                r"(?:sem |nao (?:ter|possuir) )?restric(?:ao|oes) (?:(?:no|de|do"
                r"|em) )?(?:seu )?(?:nome|cpf|financeiras?|credito|cadastra(?:l|is)|crediticias?)"
            ),
            "negativad[oa]s?",
            (
                rf"{_HAVING} (?:dividas?(?! tecnicas?)|debitos? (?:em|no) nome|protestos?"
                rf"|titulos? protestad[a-z]+|cheques? (?:sem fundos?|devolvidos?))"
            ),
            "nao (?:estar |ser |esteja |seja )?(?:inadimplentes?|endividad[oa]s?)",
            *("endividad[oa]s?", "debt free", "no (?:bad )?debts?"),
            *("credit (?:checks?|history|reports?|records?|background)", "vida financeira [a-z]+"),
            (
                r"(?:good|clean|bad|positive|excellent|poor|no) credit(?: (?:history|score|rating"
                r"|record|standing))?"
            ),
            (
                r"(?:bom|alto|otimo|minimo) score(?: (?:de credito|serasa))?"
                r"|score (?:de credito )?(?:bom|alto|acima de \d+|minimo)"
            ),
            "credit score (?:above|over|of) \\d+",
            "(?:bom )?historico de credito(?: (?:limpo|positivo|bom))?",
            "consulta (?:de|ao) (?:credito|cpf) (?:do|da|de) candidat[oa]",
        ),
    ),
    Criterion(
        "criminal",
        _(
            "A criminal record may be asked for only where a law, the kind of work or a special trust calls"
            " for it, as with children, freight, banks or arms (TST, IRR-243000-58.2013.5.13.0023). It is no"
            " requirement that a CV meets: where the work allows it, a person asks at the end."
        ),
        words(
            r"(?:(?:certid(?:ao|oes)|atestados?|analise|pesquisa|verificacao|consulta|declaracao) )?"
            r"(?:negativ[oa]s? )?(?:(?:de|dos) )?(?:bons |sem )?antecedentes?"
            r"(?: (?:crimina(?:l|is)|pena(?:l|is)|policia(?:l|is)|limpos))?",
            "certid(?:ao|oes) (?:negativas? )?crimina(?:l|is)",
            *("fichas? (?:limpa|suja|criminal|policial|corrida)s?", "folha corrida"),
            "(?:certid(?:ao|oes) )?(?:de )?nada consta(?: criminal)?",
            *("(?:pesquisa|investigacao|analise)? ?(?:d[ea] )?vida pregressa", "investigacao social"),
            "criminal (?:records?|history|background|convictions?|checks?)",
            "(?:clean|police|arrest) (?:records?|clearance|checks?)",
            *("background checks?(?! (?:api|software))", "(?:no|without|prior|any) convictions?"),
            *("convicted", "felon(?:s|y|ies)?", "ex (?:convicts?|offenders?)"),
            *("ex (?:presidiari|detent|condenad)[oa]s?", "presidiari[oa]s?"),
            "egress[oa]s? (?:do|de) (?:sistema prisional|presidio)",
            "passage(?:m|ns) (?:pela|na) policia(?:l)?",
            (
                rf"{_HAVING} (?:condenac(?:ao|oes)|processos? crimina(?:l|is)|passage(?:m|ns)"
                rf"|problemas? com a (?:justica|policia)|inqueritos?|registro criminal)"
            ),
            "nunca (?:foi |ter sido )?(?:pres[oa]|condenad[oa])",
            *("(?:sem|nao) (?:ser )?(?:reu|condenad[oa]s?)", "reu primario"),
        ),
    ),
    Criterion(
        "life",
        _(
            "How somebody lives outside work is private (Constitution, art. 5 X). Lei 9.029/1995 forbids"
            " every such ground, not only those it names."
        ),
        words(
            *("(?:nao |non ?)?fumantes?", "(?:non ?)?smokers?", "non smoking"),
            *("nao (?:fumar|fuma|fume|beber?|bebe|beba)", "tabagistas?"),
            "nao (?:consumir|ingerir|usar|consumidor de) (?:alcool|bebidas? alcoolicas?|drogas)",
            *("alcoolatras?", "alcoolistas?", "alcoholics?", "teetotall?ers?", "non ?drinkers?"),
            *("(?:sem|nao ter) vicios?", "usuari[oa]s? de drogas", "ex (?:drogad|viciad)[oa]s?"),
            *("drogad[oa]s?", "dependentes? quimic[oa]s?", "polig?rafo", "detector de mentiras?"),
            *("polygraph", "lie detector"),
            *("signo (?:do )?(?:zodiaco|de [a-z]+)", "mapa astral", "zodiac sign"),
        ),
    ),
    Criterion(
        "rights",
        _(
            "Going to court and going on strike are rights (Constitution, art. 5 XXXV and 9): nobody is kept"
            " out for having used them."
        ),
        words(
            (
                rf"{_HAVING} (?:ac(?:ao|oes)|processos?)(?: (?:trabalhistas?|judicia(?:l|is)"
                rf"|na justica(?: do trabalho)?))"
            ),
            "nunca (?:ter )?process(?:ou|ado) [a-z ]+",
            "nao (?:ter )?processad?o? (?:a |o )?(?:ex )?(?:empresa|empregador)[a-z]*",
            "no (?:labou?r )?(?:law ?suits?|claims) against [a-z ]+",
            "nao (?:ter )?(?:participado|participar|participou|fazer|aderir)(?: de| em| a)? greves?",
            *("(?:nao )?grevistas?", "never (?:sued|been on strike)"),
        ),
    ),
    Criterion(
        "means",
        _(
            "A car or a house of one's own stands for income, and the employer bears the means of work (CLT"
            " art. 2). Ask for the driving licence, CNH B."
        ),
        words(
            (
                "(?:carro|veiculo|automovel|moto(?:cicleta)?|conducao|transporte|casa|moradia"
                "|imovel)s? propri[oa]s?"
            ),
            (
                "own(?:ing)? (?:an? |his |her |their )?(?:car|vehicle|motorcycle|motorbike"
                "|transport(?:ation)?|house|home)"
            ),
            (
                "(?:possuir|ter|tenha|possua|dispor de) (?:um |uma )?(?:carro|veiculo|automovel"
                "|moto(?:cicleta)?)(?: propri[oa])?"
            ),
            *("(?:have|with|has|having) (?:an? )?(?:own )?(?:car|vehicle)", "car owners?"),
            "home ?owners?",
            # "CNH de moto" and "CNH carro e moto" name the licence; "CNH e moto" asks for the thing
            rf"{_LICENCE} (?:e|com|c|mais|\+) {_VEHICLE}(?! (?:da|de|do) )",
            rf"^{_VEHICLE} (?:e|com|c|mais|\+) {_LICENCE}",
            rf"^(?:com|dispor de|disponha de) (?:um |uma )?{_VEHICLE}$",
            "(?:driving|driver s?|drivers) licen[cs]e and (?:an? |own )?(?:car|vehicle|motor(?:cycle|bike))$",
        ),
    ),
    Criterion(
        "health",
        _(
            "Health is private (LGPD art. 5 II), and Portaria MTE 1.246/2010 forbids tests for HIV. Whether"
            " somebody is fit for the work is said by the doctor, after the choice (CLT art. 168)."
        ),
        words(
            *("(?:(?:teste|exame|sorologia)s? (?:d[eo] |anti )?|anti )?hiv", "aids"),
            *("soro(?:positiv|negativ)[oa]s?", "sorologia"),
            (
                "sem (?:historico de )?(?:doencas?|depressao|ansiedade|comorbidades"
                "|problemas? de saude|restric(?:ao|oes) medicas?|afastamentos?)"
            ),
            *("boa saude", "saude (?:perfeita|plena)", "perfeita saude"),
            *("nunca (?:ter )?(?:sido |se )?afastad[oa][a-z ]*", "afastamentos? (?:pelo|do|no) inss"),
            *("auxilio doenca", "(?:sem|nao (?:ter|apresentar)) atestados?(?: medicos?)?"),
            *("no sick leaves?", "sick days"),
            *("good health", "^healthy$", "healthy (?:people|person|candidates?|body)", "able bodied"),
            "genetic (?:tests?|testing|information)",
            *("(?:nao ter |sem )(?:cancer|diabetes|epilepsia)", "plena capacidade fisica"),
            "perfeitas condicoes (?:fisicas|de saude)",
            *("(?:tipo|grupo)s? sanguine[oa]s?", "tipo de sangue", "fator rh", "blood (?:type|group)s?"),
        ),
    ),
    # A private employer has no use for them, and foreigners, those under 16 and the convicted have none
    Criterion(
        "voting",
        _(
            "The law asks for voting papers of who enters public service (Código Eleitoral, art. 7). They"
            " tell of origin, age and convictions and nothing of the work: ask for papers after the choice,"
            " and only for those that hiring needs (LGPD art. 6)."
        ),
        words(
            "(?:numero d[eo] )?titulos? (?:de )?eleitor(?:a|al|es)?",
            "(?:certid(?:ao|oes) (?:de )?)?quita(?:cao|coes) eleitora(?:l|is)",
            "(?:em dia|regular|quites?) com (?:a justica eleitoral|(?:as )?obrigacoes eleitorais)",
            *("comprovantes? de (?:votacao|voto)", "(?:situacao|regularidade|obrigacoes) eleitora(?:l|is)"),
            *("voter(?: s)? (?:id|card|registration)", "^eleitor(?:a|es)?$"),
        ),
    ),
)  # fmt: skip
