"""What only seems to name a criterion: the subject of somebody's work, and words with another meaning."""

import re

from jobs.requirements.criterion import PEOPLE, words

# Words with another meaning
_PASSES = words(
    *("generos? (?:alimenticios?|textua(?:l|is)|literari[oa]s?)", "home(?:m|ns) horas?", "office ?boys?"),
    *("(?:seg|segunda) (?:a|ate|e) sex", "jovem aprendiz"),
    *("jovens aprendizes", "young (?:professionals|talents?)"),
    *("idade (?:de|do|da|dos|das) (?!candidat|pessoa|profissiona|equipe)[a-z]+", "minimum viable"),
    "age of data",
    "age (?:verification|gates?|analysis)",
    "(?:conta|empresa|tarefa|classe|tabela|issue|subsidiaria)s? filhas?",
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
    "(?:react|cloud|kubernetes|java|android|ios|mobile) native",
    "nativ[oa]s? (?:android|ios|mobile|cloud)",
    *("controle estatistico (?:de|do) processos?(?: cep)?", "cep controle estatistico (?:de|do) processos?"),
    *("morar (?:fora|no exterior)", "disponibilidade (?:para|de) (?:morar|residir)[a-z ]*"),
    "moradores de rua",
    "(?:teste|duplo|estudo)s? cegos?",
    "(?:relacoes|legislacao|direito|negociacao|homologacao) sindica(?:l|is)",
    *("healthy (?:foods?|habits?)", "union all"),
    "test(?:age(?:m|ns)|es?) rapid[ao]s? (?:de|para|do) hiv",
    # Statistical process control, credit as a trade, and the law of crimes
    (
        "(?:controle estatistico de processos?|cep|cartas?|graficos?|ferramentas?"
        "|analises?(?: d[eo])?) spc(?! serasa)"
    ),
    *("spc cep", "cep spc"),
    "(?:perform|run|conduct|order)(?:ing)? (?:credit|background) checks?",
    "credit scor(?:es?|ing) (?:models?|modell?ing|cards?)",
    "(?:experiencia|conhecimentos?|dominio|vivencia|ferramentas?|plataformas?|sistemas?|apis?|integracao|integracoes|negociacao|relatorios?)"
    "(?: (?:com|em|do|da|de|no|na|a|ao|o))* serasa",
    (
        "(?:conciliacao|cobranca|recuperacao|negociacao|renegociacao|carteiras?|baixas?|contas?"
        "|clientes?)(?: (?:com|em|do|da|de|no|na|a|ao|o|os|as|aos|dos"
        "|das))* (?:clientes? )?(?:negativad[oa]s?|endividad[oa]s?)"
    ),
    *("saldos? negativad[oa]s?", "(?:certid(?:ao|oes) negativas? )?de debitos?(?: [a-z]+)*"),
    # A maximum of years is for who begins
    r"(?<!\d )(?<!anos )(?<!a )(?:ate|up to) \d+ (?:anos?|years?) (?:de|of) (?:experiencia|experience)",
    # Amperes
    (
        "(?:disjuntor|fusive|corrente|contator|rele|fonte|retificador|sold|inversor|bateria|motor|paine|quadro"
        "|instalac|eletric|carga|tomada|chave|amper|cabo|transformador|medidor|barramento)[a-z]*"
        r"(?: [a-z0-9]+){0,6} (?:ate|max(?:imo|\.)?(?: de)?|menos de|abaixo de|de|\d+ a?) ?\d+ ?a"
    ),
    "(?:determinacao|identificacao|tipagem)(?: de| do| dos)? (?:tipo|grupo)s? sanguine[oa]s?",
    # Other meanings of words that tell of bodies and people
    *("(?:pontos?|testes?) ceg[oa]s?", "natural language", "smoke tests?"),
    *("accent colou?rs?", "terapia de casa(?:l|is)"),
    "(?:cortes?|tratamentos?|coloracao|tintura|secagem|produtos?)(?: de| do| para| e)* cabelos?(?: e barba)?",
    *("(?:cabelo|corte) e barba", "barba e cabelo"),
    "(?:mercado|capitais|bolsa|juros|investidor|perfil) conservador(?:es)?",
    *("profissiona(?:l|is) libera(?:l|is)", "vestidos? de noiva", "own(?:ing)? (?:a )?home ?page"),
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
    "|emissao|modelage(?:m|ns)|modelos?|terapia|pedagogia|recreacao|locacao|venda|vendas|comercializacao|frota|manutencao"
    "|testagem|aconselhamento|cortes?|coloracao|tirar|design|planejamento|pediatria|fisioterapia|nutricao|psicologia"
    "|care|caring|teaching|working|work|health|rights|support|services|inclusion|diversity|equality"
    "|accessibility|equity|policies|editing|research|education|training"
)
# After these also without a link: "moda feminina", "teaching children"
_TRADE = (
    "moda|futebol|publico|saude|vestuario|calcados?|roupas?|perfumaria|confeccao|enfermagem|direito|teaching"
    "|igualdade|diversidade|inclusao|acessibilidade|accessibility|diversity|edicao|tratamento"
)
_SUBJECT = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_WORK}){_LINKS}{{1,2}}(?: {PEOPLE})?{_LINKS}{{0,2}}|(?:{_TRADE})) $"
)


def cleared(folded: str) -> str:
    """The text without words of another meaning; its length stays."""
    return _PASSES.sub(lambda found: "#" * len(found[0]), folded)


def is_subject(folded: str, at: int) -> bool:
    """Whether what begins there is what somebody works on."""
    return bool(_SUBJECT.search(folded[:at]))
