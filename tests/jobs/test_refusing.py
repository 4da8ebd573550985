import pytest
from django.utils import translation

from jobs.requirements.refusing import CRITERIA, refused

REFUSED = {
    "sex": [
        "Sexo masculino", "mulher", "preferencialmente homens", "female", "gênero feminino", "reservista",
    ],
    "orientation": [
        "orientação sexual", "gay", "heterossexual",
    ],
    "age": [
        "idade até 35", "até 35 anos", "entre 25 e 35 anos", "de 20 a 30 anos", "faixa etária", "jovens",
        "under 30 years", "30 years old", "nascidos após 1995", "data de nascimento", "maior de 18 anos",
        "menores de idade", "idade", "recém-formado", "Recém formada em TI", "recent graduate",
        "digital native", "máximo de 40 anos de idade",
    ],
    "marital": [
        "estado civil", "solteira", "casado", "married", "single", "cônjuge",
    ],
    "family": [
        "sem filhos", "gestante", "não estar grávida", "teste de gravidez", "pregnant", "no children",
        "mães",
    ],
    "appearance": [
        "boa aparência", "Boa apresentação pessoal", "CV com foto", "photo", "altura mínima 1,70 m",
        "sem tatuagens", "magra",
    ],
    "religion": [
        "católico", "evangélica", "religião", "christian", "cristão",
    ],
    "race": [
        "pessoa branca", "negro", "cor da pele", "raça", "ethnicity", "white people", "preto",
    ],
    "origin": [
        "nacionalidade brasileira", "brasileiro nato", "somente brasileiros", "US citizen", "nordestino",
    ],
    "native": [
        "native speaker", "Native English", "inglês nativo", "língua materna",
    ],
    "disability": [
        "PCD", "sem deficiência", "deficiente", "disabled", "boa saúde", "HIV",
    ],
    "union": [
        "sindicalizado", "não filiado a sindicato", "union member", "partido político",
    ],
    "place": [
        "CEP 01310-100", "morar perto", "residir na zona sul", "bairro Moema", "postal code", "ZIP code",
        "lives near the office", "perto do metrô", "morar no Recife",
    ],
}  # fmt: skip
PASS = [
    "Python", "CNH B", "gestão de idade de estoque", "idade dos equipamentos", "race conditions",
    "React Native", "cloud native", "segurança de menores de idade de dados",
    "proteção de dados de menores de idade", "saúde da mulher", "cuidador de idosos", "moda feminina",
    "diversidade e inclusão de mulheres", "acessibilidade para pessoas com deficiência",
    "trabalho em altura", "NR-35 trabalho em altura", "edição de fotos", "fotografia", "placa-mãe",
    "classe filha", "venda casada", "single sign-on", "single page application",
    "mais de 10 anos de experiência", "até 20 anos de experiência", "entre 15 e 20 anos de experiência",
    "Controle Estatístico de Processo (CEP)", "lista negra", "caixa branca", "quadro branco",
    "negociação sindical", "relações sindicais", "negociação com sindicatos", "UNION ALL",
    "Universidade Católica", "gêneros alimentícios", "homem-hora", "legislação brasileira",
    "português brasileiro", "língua estrangeira", "comércio exterior", "disponibilidade para morar fora",
    "apresentação em público", "Black Belt", "teste cego", "jovem aprendiz", "hospital maternidade",
    "licença maternidade", "office boy", "inglês fluente", "Excel avançado", "espírito de equipe",
    "storage", "homologação", "imagem", "agenda", "SAP MM", "metodologias ágeis", "certificação PMP",
    "casamento de dados", "teaching children", "CID-10", "direitos das crianças e adolescentes",
    "work permit", "visto de trabalho", "peso e balança",
]  # fmt: skip


DISGUISED = [
    "mu\u200blher", "s\u00adexo", "mul\u034fher", "\uff4d\uff55\uff4c\uff48\uff45\uff52", "\u043culher",
    "m u l h e r", "m.u.l.h.e.r", "MULHÉR", "garota", "18 a 25 anos", "18-25 anos", "< 30 anos",
    "máx. 35 anos", "under 35", "formado a partir de 2018", "máximo de 5 anos de formado",
]  # fmt: skip
STILL_PASS = [
    "R&S",
    "C C++ C# R",
    "S.A.P.",
    "15 a 20 anos de experiência",
    "Node.js",
    "Α/Β testing",
    "Анализ",
]


@pytest.mark.parametrize("text", DISGUISED)
def test_writing_it_otherwise_does_not_get_it_past(text):
    assert refused(text) is not None


@pytest.mark.parametrize("text", STILL_PASS)
def test_odd_spelling_alone_is_no_reason_to_refuse(text):
    assert refused(text) is None


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts]
)
def test_a_protected_or_proxy_criterion_is_refused_with_its_reason(code, text):
    found = refused(text)
    assert found is not None
    assert found.code == code
    assert str(found.criterion.reason) in found.sentence


@pytest.mark.parametrize("text", PASS)
def test_what_only_looks_similar_passes(text):
    assert refused(text) is None


def test_a_criterion_hidden_in_a_longer_wish_is_found():
    assert refused("Java, Spring e boa aparência").found == "boa aparencia"
    assert refused("saúde da mulher, apenas homens").found == "homens"


def test_of_two_criteria_the_first_is_told():
    assert refused("solteira e sem filhos").code == "marital"


def test_every_criterion_refuses_something_here():
    assert {criterion.code for criterion in CRITERIA} == REFUSED.keys()


def test_the_sentence_follows_the_reader_s_language():
    with translation.override("pt-br"):
        assert "“idade”" in refused("idade").sentence
