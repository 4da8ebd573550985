import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.protected import without_personal_phrases
from scoring.ml.text import fold, size

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


@pytest.mark.parametrize(
    "text",
    [
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
        ("técnico formado, tecnólogo", "técnica formada, tecnóloga"),
    ],
)
def test_the_wording_of_a_man_is_as_long_as_that_of_a_woman(man, woman):
    assert size(fold(man)) == size(fold(woman))


def test_numbers_and_personal_terms_make_nothing_longer():
    assert size("casada brasileira 2020 sexo") == (0, 0)
    assert size("analista de java")[0] == 3
