import math

import pytest

from scoring.ml.cv_facts import (
    OPEN_END,
    claimed_years,
    highest_education,
    language_level,
    read_cv,
    work_spans,
)
from scoring.ml.cv_level import seniority
from scoring.ml.text import fold


def month(year, number):
    return year * 12 + number - 1


@pytest.mark.parametrize(
    ("headline", "level"),
    [
        ("Desenvolvedor Java Sênior", "senior"),
        ("Dev Sr.", "senior"),
        ("Consultor SAP SD PL", "mid"),
        ("Analista TI Pl./Sr.", "senior"),
        ("Analista PL/SQL", "analyst"),
        ("Gerente de Projetos", "manager"),
        ("Gerente de Projetos Júnior", "junior"),
        ("Gerenta de Projetos", "manager"),
        ("Tech Lead", "lead"),
        ("Lead time analyst", "analyst"),
        ("Estagiária de RH", "intern"),
        ("Técnico em Informática", "technician"),
        ("Conhecimentos técnicos diversos", ""),
        ("Desenvolvedor Java", ""),
        ("Coordenadora de Suporte", "coordinator"),
        ("Área israelense", ""),
        ("", ""),
    ],
)
def test_it_reads_the_level_of_a_headline(headline, level):
    assert seniority("", fold(headline)) == level


@pytest.mark.parametrize(
    ("cv", "level"),
    [
        ("Experiência\nEngenheiro Sênior 2019\nEstagiário 2010", "senior"),
        ("Coordenador de TI Júnior (2023 - atual)", "junior"),
        ("Analista de redes - pleno", "mid"),
        ("profissional sênior da área de dados", "senior"),
        ("2020 - 2022\nsenior java developer", "senior"),
        ("Cargo: coordenador financeiro\nrotinas", "coordinator"),
        ("Analista de sistemas\nentrei como estagiária e fui promovida", ""),
        ("Analista\nsubstituição do coordenador em férias, reportando ao gerente", ""),
        ("Consultor\nuso diário do Solution Manager", ""),
        ("Analista do ERP Senior Sistemas", ""),
        ("reports prepared for senior management", ""),
        ("meta: pleno emprego", ""),
        ("internet e intranet", ""),
    ],
)
def test_a_cv_states_the_level_beside_a_title_and_not_that_of_somebody_else(cv, level):
    assert seniority(fold(cv), "") == level


def test_a_grade_counts_before_a_role_wherever_it_stands():
    assert seniority(fold("Objetivo\nGerente de projetos pleno"), fold("Gerente de Projetos")) == "mid"
    assert seniority(fold("Gerente de projetos"), fold("Coordenador")) == "coordinator"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Inglês: avançado", "advanced"),
        ("inglês – intermediário", "intermediate"),
        ("Inglês e Espanhol básico", "basic"),
        ("português fluente, inglês básico", "basic"),
        ("inglês, espanhol fluente", ""),
        ("Fluent English", "fluent"),
        ("English level: advanced", "advanced"),
        ("inglês técnico para leitura", "technical"),
        ("fluente em inglês", "fluent"),
        ("curso de inglês", ""),
        ("curso de inglês\ninglês: leitura avançada", "advanced"),
        ("", ""),
    ],
)
def test_it_reads_the_level_of_english(text, level):
    assert language_level(fold(text), "english") == level


def test_spanish_has_its_own_level():
    text = fold("Inglês avançado, Espanhol básico")
    assert (language_level(text, "english"), language_level(text, "spanish")) == ("advanced", "basic")


@pytest.mark.parametrize(
    ("text", "education"),
    [
        ("Pós-graduação em Gestão\nGraduação em Direito", "postgraduate_complete"),
        ("MBA em andamento", "postgraduate_ongoing"),
        ("Bacharel em Ciência da Computação", "bachelor_complete"),
        ("cursando graduação em Letras", "bachelor_ongoing"),
        ("ensino superior incompleto", "bachelor_incomplete"),
        ("Mestrado em Engenharia", "master_complete"),
        ("master data management e scrum master", ""),
        ("Tecnólogo em Redes", "technologist_complete"),
        ("Técnico em Contabilidade", "technical_complete"),
        ("Ensino Médio completo", "secondary_complete"),
        ("samba e rumba", ""),
        ("", ""),
    ],
)
def test_it_reads_the_highest_education(text, education):
    assert highest_education(fold(text)) == education


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("período: janeiro 2016 – abril 2016", month(2016, 1), month(2016, 5)),
        ("assistente; set. /2014 até mar. /2015.", month(2014, 9), month(2015, 4)),
        ("05/01/2013 a 05/07/2013", month(2013, 1), month(2013, 8)),
        ("(mai 1986 – set 1986)", month(1986, 5), month(1986, 10)),
        ("período do empregojun. de 2016 – abr. de 2017", month(2016, 6), month(2017, 5)),
        ("java (2019-05 até 2019-09)", month(2019, 5), month(2019, 10)),
        ("março/2000 até 20/05/2012", month(2000, 3), month(2012, 6)),
        ("1994 – 2004 auditores", month(1994, 7), month(2004, 7)),
        ("2014 - 2014", month(2014, 7), month(2015, 1)),
        ("novembro2018/setembro2021", month(2018, 11), month(2021, 10)),
        ("início: 15/01/2020 término: 07/10/2021", month(2020, 1), month(2021, 11)),
        ("01/2016  04/2018", month(2016, 1), month(2018, 5)),
        ("nov. 2019 até o momento", month(2019, 11), OPEN_END),
        ("11/2016 a atual – aurora", month(2016, 11), OPEN_END),
        ("05/2016 até os dias atuais", month(2016, 5), OPEN_END),
        ("2019 - present (2 anos 1 mês)", month(2019, 7), OPEN_END),
        ("desde 03/2015 na empresa", month(2015, 3), OPEN_END),
    ],
)
def test_it_reads_the_time_of_a_position(line, start, end):
    assert work_spans(fold(line)) == ((start, end),)


@pytest.mark.parametrize(
    "text",
    [
        "data de nascimento: 02/04/1988",
        "concluído em setembro/2005",
        "windows server 2003, 2008",
        "bacharelado 2010 - 2014 universidade",
        "Formação acadêmica\nUninove\n2010 - 2014",
        "06/2020 até 02/2019",
        "1900 - 1910",
        "1961 - 2020",
        "telefone 2019-20201234",
        "",
    ],
)
def test_it_counts_no_other_dates_as_work(text):
    assert work_spans(fold(text)) == ()


def test_work_counts_again_after_the_education_section():
    text = "Formação\nUninove\n2010 - 2014\nExperiência profissional\nBanco\n01/2015 - 12/2015"
    assert work_spans(fold(text)) == ((month(2015, 1), month(2016, 1)),)


def test_overlapping_positions_count_once():
    text = "01/2015 - 12/2016\n06/2016 - 12/2017\n01/2020 - atual"
    assert work_spans(fold(text)) == ((month(2015, 1), month(2018, 1)), (month(2020, 1), OPEN_END))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("mais de 20 anos de experiência em projetos", 20),
        ("5+ years of experience", 5),
        ("3 anos de experiência e 7 anos de atuação", 7),
    ],
)
def test_it_reads_claimed_years(text, years):
    assert claimed_years(fold(text)) == years


@pytest.mark.parametrize("text", ["tenho 45 anos", "90 anos de experiencia", "anos dourados", ""])
def test_an_age_is_no_claim(text):
    assert math.isnan(claimed_years(fold(text)))


def test_an_empty_cv_says_nothing():
    facts = read_cv("", "")
    assert (facts.seniority, facts.english, facts.spanish, facts.education, facts.spans) == (
        "",
        "",
        "",
        "",
        (),
    )
