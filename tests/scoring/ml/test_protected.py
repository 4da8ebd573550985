import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.skills import SKILLS_FILE, skill_ids
from scoring.ml.blocks import prepare_candidates
from scoring.ml.protected import without_personal_phrases
from scoring.ml.text import TextModel, fold, size
from tests.scoring.ml.frames import candidates

# Pairs that say the same of the work, and something else of the person
SWAPS = (
    ("Casada", "Solteira"),
    ("Brasileiro, solteiro, 32 anos", "Brasileira, viúva, 58 anos"),
    ("Solteiro, 32 anos", "Mãe de dois filhos"),
    ("Solteiro(a)", "Divorciada"),
    ("Estado civil: casado", "Estado civil: união estável"),
    ("Casado há 5 anos, pai de 2 meninas", "Solteira, sem filhos"),
    ("Filhos: 2", "Filhos: não"),
    ("Data de nascimento: 12/03/1985", "Nascimento: 1 de abril de 1999, 22 anos"),
    ("Idade: 33 anos", "Idade: 61"),
    ("Nascida em 3 de maio de 1990", "Born on 04/05/1971"),
    ("Sexo: feminino", "Sexo: masculino"),
    ("Masculino", "Feminino"),
    ("Rua das Flores, 123, Boa Viagem, Recife", "Av. Paulista, 1000 - Bela Vista"),
    ("Endereço: Rua A, 1", "Endereço: Alameda dos Nhambiquaras, 22, apto 31, Moema"),
    ("Bairro: Boa Viagem", "Bairro: Jardim São Paulo"),
    ("Cidade: Recife - PE", "Cidade: São José dos Campos/SP"),
    ("CEP: 51020-000", "CEP 01310-100"),
    ("Moro em Recife", "Residente em Porto Alegre"),
    ("ana.prates@example.com", "joao@uol.com.br"),
    ("linkedin.com/in/ana-prates", "https://www.linkedin.com/in/joao-da-silva-42"),
    ("https://github.com/anaprates", "github.com/joaosilva/projetos"),
    ("Naturalidade: Recife", "Natural de Porto Alegre - RS"),
    ("Nacionalidade: brasileira", "Nacionalidade: japonês"),
    ("Católica", "Evangélico"),
    ("Sra.", "Srta."),
    ("Licença-maternidade em 2020", "Licença paternidade em 2020"),
    ("Certificado de reservista", "Serviço militar obrigatório"),
    ("married with two children", "single, no kids"),
    ("Mãe solo de dois filhos", "Pai de dois filhos"),
    ("Mãe da Ana", "Pai do Pedro"),
    ("Mãe atípica de uma menina de 3 anos", "Pai de santo"),
    ("Gestante", "Grávida de 5 meses"),
    ("De licença-maternidade", "Pausa na carreira para cuidar dos filhos"),
    ("Dona de casa", "Dono de casa"),
    ("Participo do coletivo de mulheres", "Participo do coletivo de homens"),
    ("Palestra: mulheres na tecnologia", "Palestra: homens na tecnologia"),
    ("Women in Tech", "Men in Tech"),
    ("Voluntário na Igreja Batista da Lagoinha", "Voluntário no Terreiro de Umbanda Pai Joaquim de Angola"),
    ("Músico na Sinagoga Beth El", "Músico no Centro Espírita Allan Kardec"),
    ("Pastoral da Juventude", "Assembleia de Deus"),
    ("Paróquia São José Operário", "Testemunha de Jeová"),
    ("Idade: quarenta e cinco anos", "Idade: vinte anos"),
    ("Idade: trinta e dois", "Idade: 58 anos"),
    ("Solteiro, trinta e dois anos", "Solteira, vinte anos"),
    ("Tenho quarenta e cinco anos", "Tenho 22 anos"),
    ("I am forty-five years old", "I am 22 years old"),
)
# Each leaves nothing: whoever says it is read as somebody who does not
DISABILITIES = (
    "Autista",
    "Sou autista nível 1 de suporte",
    "Sou autista nível 1 de suporte (TEA)",
    "Autismo leve",
    "Transtorno do Espectro Autista (TEA)",
    "Tenho TEA",
    "Cadeirante",
    "Uso cadeira de rodas",
    "Pessoa surda",
    "Surdo-mudo",
    "Surdez bilateral severa",
    "Perda auditiva",
    "Cega",
    "Sou cego",
    "Deficiente visual",
    "Deficiente auditivo",
    "Pessoa com deficiência física",
    "Deficiência: não",
    "PCD",
    "PcD: sim",
    "Profissional com baixa visão",
    "Visão monocular",
    "Mobilidade reduzida",
    "TDAH",
    "Transtorno do déficit de atenção com hiperatividade",
    "Transtorno bipolar",
    "Síndrome de Down",
    "Dislexia",
    "Nanismo",
    "Paralisia cerebral",
    "Epilepsia",
    "Neurodivergente",
    "Amputada",
    "CID H90.3",
    "Reabilitado pelo INSS",
    "Autistic",
    "Visually impaired",
    "Wheelchair user",
)
CV = "{}\nAnalista de sistemas\n{}\nExperiência: 10 anos de experiência com java, 01/2010 a 01/2020"


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_either_leaves_the_same_words(one, other):
    left = [words(CV.format(fact, fact)) for fact in (one, other)]
    assert left[0] == left[1]
    assert "analista" in left[0]
    assert "java" in left[0]


def words(cv):
    from scoring.ml.text import _WORD, PERSONAL_TERMS

    kept = _WORD.findall(without_personal_phrases(fold(cv)))
    return [word for word in kept if word not in PERSONAL_TERMS and not word.isdigit()]


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_either_makes_the_cv_equally_long(one, other):
    sizes = [size(without_personal_phrases(fold(CV.format(fact, fact)))) for fact in (one, other)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("said", DISABILITIES)
def test_a_disability_leaves_no_word(said):
    assert words(CV.format(said, said)) == words(CV.format("", ""))
    assert size(without_personal_phrases(fold(CV.format(said, said)))) == size(fold(CV.format("", "")))


def test_no_skill_of_the_taxonomy_is_taken_for_a_personal_phrase():
    with SKILLS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [fold(name.lstrip("?")) for row in rows for name in (row["label"], *row["aliases"].split("|"))]
    assert len(names) > 1000
    assert [name for name in names if without_personal_phrases(name) != name] == []


def test_years_in_words_are_years_in_digits():
    assert without_personal_phrases("vinte e dois anos de experiencia") == "22 anos de experiencia"
    assert without_personal_phrases("com dez anos na area") == "com 10 anos na area"


@pytest.mark.parametrize(
    "text",
    [
        "suporte nivel 1 e nivel 2",
        "interprete de libras",
        "visao de negocio, visao computacional",
        "tea tree, tempo de resposta",
        "identidade visual e visual basic",
        "outros paises, no pais",
        "lider de rede, rede de computadores, grupo de trabalho",
        "analise do solo",
        "joao batista, mesquita e filial",
        "10 anos de experiencia com java",
        "acme - 01/2010 a 01/2020 - 10 anos",
        "experiencia de 12 anos em projetos",
        "ha 15 anos na area",
        "processamento de linguagem natural de textos",
        "construcao civil",
        "atividades: cidades inteligentes, capacidade de rua",
        "node.js/react, asp.net/mvc, c#",
        "conhecimento em excel\nlideranca de equipe",
        "residente de uma empresa",
        "engenharia civil, direito civil",
    ],
)
def test_what_is_about_the_work_stays(text):
    assert without_personal_phrases(text) == text


def test_a_site_that_tells_of_the_trade_leaves_its_name():
    assert without_personal_phrases("veja https://github.com/anaprates/x").split() == ["veja", "github"]


def test_an_address_ends_with_its_line():
    left = without_personal_phrases("rua das flores, 123 - boa viagem\nanalista de sistemas")
    assert left.split() == ["analista", "de", "sistemas"]


@given(st.text(max_size=200))
def test_line_breaks_before_and_after_stay(text):
    folded = fold(f"objetivo\n{text}\nfim")
    assert without_personal_phrases(folded).startswith("objetivo")
    assert len(without_personal_phrases(folded)) <= len(folded) + 4 * folded.count("/")


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("desenvolvedor apto", "desenvolvedora apta"),
        ("um engenheiro promovido ao cargo", "uma engenheira promovida à cargo"),
        ("casado", "casada"),
        ("gerente e chefe", "gerenta e chefa"),
        ("coordenador, supervisor, presidente", "coordenadora, supervisora, presidenta"),
        ("mestre em física, cidadão alemão", "mestra em física, cidadã alemã"),
        ("técnico formado, tecnólogo", "técnica formada, tecnóloga"),
    ],
)
def test_the_wording_of_a_man_is_as_long_as_that_of_a_woman(man, woman):
    assert size(fold(man)) == size(fold(woman))


def test_numbers_and_personal_terms_make_nothing_longer():
    assert size("casada brasileira 2020 sexo") == (0, 0)
    assert size("analista de java")[0] == 3


ROLES = (
    ("gerente de projetos", "gerenta de projetos"),
    ("gerente de produto", "gerenta de produto"),
    ("gerente comercial", "gerenta comercial"),
    ("gerente de ti", "gerenta de ti"),
    ("diretor de tecnologia", "diretora de tecnologia"),
    ("coordenador de projetos", "coordenadora de projetos"),
    ("supervisor de suporte", "supervisora de suporte"),
    ("líder técnico", "líder técnica"),
    ("presidente", "presidenta"),
    ("chefe de equipe", "chefa de equipe"),
    ("mestre em física", "mestra em física"),
    ("aprendiz", "aprendiza"),
    ("estagiário", "estagiária"),
    ("assistente financeiro", "assistente financeira"),
    ("analista financeiro", "analista financeira"),
    ("técnico em informática", "técnica em informática"),
    ("técnico de suporte", "técnica de suporte"),
    ("administrador de banco de dados", "administradora de banco de dados"),
    ("arquiteto de software", "arquiteta de software"),
    ("arquiteto de soluções", "arquiteta de soluções"),
    ("arquiteto corporativo", "arquiteta corporativa"),
    ("modelador de dados", "modeladora de dados"),
    ("desenvolvedor front end", "desenvolvedora front end"),
    ("designer gráfico", "designer gráfica"),
    ("operador de telemarketing", "operadora de telemarketing"),
    ("consultor comercial", "consultora comercial"),
    ("digitador", "digitadora"),
    ("contador", "contadora"),
    ("vendedor", "vendedora"),
)


@pytest.mark.parametrize(("man", "woman"), ROLES)
def test_a_role_is_read_alike_of_a_man_and_a_woman(man, woman):
    assert differing(said(man), said(woman)) == []


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_no_number_of_a_candidate_moves_with_what_is_personal(one, other):
    assert differing(said(CV.format(one, one)), said(CV.format(other, other))) == []


def said(words):
    text = TextModel(min_documents=1).fit([fold(f"{man} {woman}") for man, woman in (*ROLES, *SWAPS)])
    person = {"headline": words, "cv_text": f"Experiência\n{words}", "skills": skill_ids(words)}
    return prepare_candidates(candidates(person), text=text).to_arrays()


def differing(left, right):
    return [
        name
        for name in left
        if not np.array_equal(left[name], right[name], equal_nan=left[name].dtype.kind == "f")
    ]
