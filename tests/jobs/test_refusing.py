import pytest
from django.utils import translation

from candidates.skills import all_skills
from jobs.requirements.refusing import CRITERIA, refused

REFUSED = {
    "sex": [
        "Sexo masculino", "mulher", "preferencialmente homens", "female", "gênero feminino", "reservista",
        "sexo feminino para dispositivos médicos", "meninas", "cavalheiros", "ladies", "quitação militar",
        "s3xo masculino",
    ],
    "orientation": [
        "orientação sexual", "gay", "heterossexual",
        "pessoas trans", "queer", "não binário", "hetero",
    ],
    "age": [
        "idade até 35", "até 35 anos", "entre 25 e 35 anos", "de 20 a 30 anos", "faixa etária", "jovens",
        "under 30 years", "30 years old", "nascidos após 1995", "data de nascimento", "maior de 18 anos",
        "menores de idade", "idade", "recém-formado", "Recém formada em TI", "recent graduate",
        "digital native", "máximo de 40 anos de idade",
        "aposentados", "younger than 30", "ano de formatura", "terceira idade",
        "até 40a", "Vendedor até 40a", "25-40a", "25 a 40a", "máx. 40", "entre 20-30", "menos de 35 a.",
    ],
    "marital": [
        "estado civil", "solteira", "casado", "married", "single", "cônjuge",
        "casal sem filhos", "recém-casada", "noivo",
    ],
    "family": [
        "sem filhos", "gestante", "não estar grávida", "teste de gravidez", "pregnant", "no children",
        "mães",
        "que não pretenda engravidar", "beta HCG", "atestado de esterilização", "laqueadura",
        "sem dependentes", "childless", "contraceptivo", "no family commitments",
    ],
    "appearance": [
        "boa aparência", "Boa apresentação pessoal", "CV com foto", "photo", "altura mínima 1,70 m",
        "sem tatuagens", "magra",
        "sem barba", "clean-shaven", "loira", "well-groomed", "IMC abaixo de 25",
    ],
    "religion": [
        "católico", "evangélica", "religião", "christian", "cristão",
        "temente a Deus", "budista", "testemunha de Jeová", "guardar o sábado",
    ],
    "race": [
        "pessoa branca", "negro", "cor da pele", "raça", "ethnicity", "white people", "preto",
        "asiático", "African American", "cigana",
    ],
    "origin": [
        "nacionalidade brasileira", "brasileiro nato", "somente brasileiros", "US citizen", "nordestino",
        "sem sotaque", "neutral accent", "refugiado", "só paulistas",
    ],
    "native": [
        "native speaker", "Native English", "inglês nativo", "língua materna",
    ],
    "disability": [
        "PCD", "sem deficiência", "deficiente", "disabled", "cego", "reabilitado pelo INSS", "laudo médico",
    ],
    "union": [
        "sindicalizado", "não filiado a sindicato", "union member", "partido político",
        "opinião política", "pessoas de direita", "ser de esquerda", "right-wing", "comunista", "apolítico",
    ],
    "place": [
        "CEP 01310-100", "morar perto", "residir na zona sul", "bairro Moema", "postal code", "ZIP code",
        "lives near the office", "perto do metrô", "morar no Recife", "residente em Moema",
        "sem vale-transporte", "não precise de vale-transporte", "até 10 km da empresa",
    ],
    "experience": [
        "mais de 10 anos de experiência", "entre 15 e 20 anos de experiência", "15 a 20 anos de experiência",
        "2 anos de experiência em Java", "experiência mínima de 3 anos", "experiência de 1 ano na função",
        "5+ years of experience", "cinco anos de experiência", "8 meses de experiência",
        "mais de 6 meses de experiência", "3 years with React", "5 anos de atuação no mercado",
        "experiência comprovada superior a 6 meses", "vários anos de experiência",
        "over 6 months of experience",
    ],
    "credit": [
        "nome limpo", "Nome limpo na praça", "nome-limpo", "SPC/Serasa", "sem restrição no SPC",
        "sem restrições no SPC e Serasa", "não constar no Serasa", "consulta ao SPC", "credit check",
        "good credit", "good credit history", "clean credit record", "sem dívidas", "CPF limpo",
        "não estar negativado", "sem protestos", "sem restrição financeira", "restrições no CPF",
        "score acima de 700", "credit report", "endividada",
    ],
    "criminal": [
        "antecedentes criminais", "sem antecedentes", "certidão de antecedentes criminais", "ficha limpa",
        "atestado de bons antecedentes", "criminal record", "clean criminal record", "background check",
        "nada consta", "folha corrida", "no convictions", "sem passagem pela polícia", "police clearance",
        "ex-presidiário", "análise de antecedentes criminais", "sem processos criminais", "vida pregressa",
        "certidão negativa criminal",
    ],
    "life": [
        "não fumante", "fumante", "non-smoker", "nonsmoker", "não fumar", "que não beba", "sem vícios",
        "teste do polígrafo", "polygraph test", "signo do zodíaco",
    ],
    "rights": [
        "sem processos trabalhistas", "não ter ação na justiça do trabalho", "nunca processou a empresa",
        "não ter participado de greves", "no lawsuits against employers",
    ],
    "means": [
        "carro próprio", "veículo próprio", "possuir moto", "own car", "casa própria", "must have a car",
        "CNH B e veículo próprio",
        "CNH e moto", "CNH A e moto", "CNH B com carro", "moto e CNH", "CNH + moto", "com moto",
        "driver's license and car", "disponha de veículo",
    ],
    "health": [
        "boa saúde", "HIV", "teste de HIV", "exame anti-HIV", "soropositivo", "sem doenças", "able-bodied",
        "sem histórico de depressão", "nunca afastado pelo INSS", "good health", "sem atestados médicos",
        "tipo sanguíneo", "tipo sanguíneo O+", "fator RH positivo", "blood type",
    ],
    "voting": [
        "título de eleitor", "título eleitoral", "quitação eleitoral", "certidão de quitação eleitoral",
        "em dia com a Justiça Eleitoral", "comprovante de votação", "voter ID", "voter's card",
    ],
}  # fmt: skip
PASS = [
    "Python", "CNH B", "gestão de idade de estoque", "idade dos equipamentos", "race conditions",
    "React Native", "cloud native", "segurança de menores de idade de dados",
    "proteção de dados de menores de idade", "saúde da mulher", "cuidador de idosos", "moda feminina",
    "diversidade e inclusão de mulheres", "acessibilidade para pessoas com deficiência",
    "trabalho em altura", "NR-35 trabalho em altura", "edição de fotos", "fotografia", "placa-mãe",
    "classe filha", "venda casada", "single sign-on", "single page application",
    "até 20 anos de experiência",
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


HONEST = [
    "idade dos sistemas", "gestão de crédito", "análise de crédito", "concessão de crédito imobiliário",
    "modelagem de score de crédito", "credit scoring models", "política de crédito", "crédito e cobrança",
    "análise de SPC", "SPC", "CEP/SPC", "cartas de controle SPC", "ferramentas SPC e FMEA",
    "experiência com Serasa Experian", "integração com o Serasa", "negociação com clientes negativados",
    "conhecimento em direito penal", "direito criminal", "processo penal", "criminal law",
    "processos trabalhistas",
    "experiência com produtos para bebês", "produtos infantis", "pediatria", "obstetrícia", "dívida técnica",
    "sem dívida técnica", "6 meses de experiência", "até 6 meses de experiência", "experiência com React",
    "experiência em vendas", "planejamento de 5 anos", "contratos de 10 anos", "sênior",
    "atendimento à terceira idade",
    "corte de cabelo", "corte de cabelo e barba", "accent colors", "smoke tests",
    "CNH D e exame toxicológico",
    "CNH categoria B", "background jobs", "background em finanças", "gestão de frota de veículos próprios",
    "certidões negativas de débitos", "CND e FGTS", "background processing", "prevenção de HIV e sífilis",
    "testagem rápida de HIV", "venda de bebidas alcoólicas", "tratamento de dependentes químicos",
    "cálculo de vale-transporte", "médico residente", "esterilização de materiais", "ponto cego",
    "conector macho-fêmea", "perfil conservador de investimento", "mercado de capitais", "América Latina",
    "profissional liberal", "ferramenta Credit Suite", "política monetária", "políticas públicas",
    "direita volver", "terapia de casal", "gás natural", "natural language processing", "moda plus size",
    "afrodite ERP", "Casa Civil", "Terraform", "score de leads",
    "lead scoring", "registro de ponto", "registro de preços", "plano de carreira", "prática de mercado",
    "práticas de mercado", "atuação em vendas há pouco tempo", "log4j", "web3", "p5.js", "k8s", "i18n",
    "disjuntores até 40A", "instalações elétricas com corrente até 63 A", "solda MIG até 40A",
    "CNH de moto", "CNH carro e moto", "CNH A (moto)", "CNH B e veículo da empresa", "condução de moto",
    "experiência com moto", "manutenção de carro e moto", "tipagem sanguínea", "direito eleitoral",
    "determinação de tipo sanguíneo", "emissão de título de eleitor", "marketing eleitoral", "analista de RH",
    "h2o.ai", "OAuth2", "s3", "Base64", "x86", "Office 365", "Windows 10", "ISO 9001", "5S", "NR-10",
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


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_requirement_passes(text):
    assert refused(text) is None


def test_every_skill_of_the_taxonomy_may_be_asked_for():
    refusals = {skill.label: refused(skill.label) for skill in all_skills()}
    assert {label: found.found for label, found in refusals.items() if found} == {}


def test_the_reason_against_a_criminal_record_says_where_the_courts_allow_it():
    assert "IRR-243000-58.2013.5.13.0023" in refused("antecedentes criminais").sentence


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
