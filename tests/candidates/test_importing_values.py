import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates import importing_values as values
from candidates.importing_values import Salary
from candidates.models import Education, Level, Seniority

AMOUNT_LIKE = st.text(alphabet="0123456789.,-/ R$€%kKhmil porhoraês", max_size=40)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("04-12-2018", datetime.date(2018, 12, 4)),
        ("04-12-2018 13:45:10", datetime.date(2018, 12, 4)),
        ("04/12/2018 13:45", datetime.date(2018, 12, 4)),
        (" 29-02-2020 ", datetime.date(2020, 2, 29)),
    ],
)
def test_the_three_date_formats_are_read(text, day):
    assert values.read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00-00-0000",
        "0000-00-00",
        "01-01-1970",
        "31-12-1969",
        "30-11-0001",
        "00-00-0000 00:00:00",
        "31-12-1969 21:00:00",
    ],
)
def test_null_dates_are_no_dates_and_are_known_to_be_null(text):
    assert values.read_date(text) is None
    assert values.is_null_date(text)


@pytest.mark.parametrize(
    "text",
    ["31-02-2020", "29-02-2019", "12-31-2020", "01-01-2923", "05-05-0224", "04-12-18", "hoje", "1-2-2020"],
)
def test_impossible_dates_are_no_dates(text):
    assert values.read_date(text) is None
    assert not values.is_null_date(text)


def test_a_moment_keeps_its_time_of_day_in_brazil_summer_time_included():
    winter = values.read_moment("04-07-2018 13:45:10")
    assert winter.isoformat() == "2018-07-04T13:45:10-03:00"
    assert values.read_moment("04-12-2018 13:45").isoformat() == "2018-12-04T13:45:00-02:00"
    assert values.read_moment("04-12-2018 25:00:00") is None


def test_a_consent_text_in_place_of_a_date_is_no_date():
    assert values.read_moment("Cadastro anterior ao registro de aceite") is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers_of_dates_and_labels(text):
    values.read_moment(text)
    values.is_null_date(text)
    values.read_areas(text)
    values.read_place(text)
    values.read_contract_types(text)
    assert values.read_level(text) in Level.values
    assert values.read_seniority(text) in Seniority.values
    assert values.read_education(text) in Education.values


@given(st.integers(-5, 40), st.integers(-5, 20), st.integers(-5, 10_000), st.sampled_from("-/"))
def test_no_date_breaks_the_reader(day, month, year, sign):
    found = values.read_date(f"{day:02}{sign}{month:02}{sign}{year:04}")
    assert found is None or (found.day, found.month, found.year) == (day, month, year)


# Money


@pytest.mark.parametrize(
    ("text", "monthly"),
    [
        ("1900", "1900"),
        ("9999,99", "9999.99"),
        ("2.500,00", "2500"),
        ("R$ 3.500,00", "3500"),
        ("R$12.000", "12000"),
        ("12.000", "12000"),
        ("R$ 4.000.00 mensal", "4000"),
        ("mensal / 4160", "4160"),
        ("1200,00 por mês", "1200"),
        ("4500 por mes", "4500"),
        ("Atual, 1.450,00", "1450"),
        ("Fixo+Comissão=R$ 8.500,", "8500"),
        ("R$ 9.999,99 CLT/mês", "9999.99"),
        ("R$2000,00 mensais", "2000"),
        ("2500.00", "2500"),
        ("BRL 4,157.60", "4157.60"),
        ("8 mil", "8000"),
        ("10K", "10000"),
        ("1,5 mil", "1500"),
    ],
)
def test_a_monthly_amount_is_read(text, monthly):
    assert values.read_salary(text) == Salary(monthly=Decimal(monthly))


@pytest.mark.parametrize(
    ("text", "hourly"),
    [("80 por hora", "80"), ("90,00 por hora", "90"), ("R$ 85,50/h", "85.5"), ("70 p/ hora", "70")],
)
def test_an_hourly_amount_is_never_a_monthly_one(text, hourly):
    assert values.read_salary(text) == Salary(hourly=Decimal(hourly))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "99.999 - PJ / 99.999 COOP",
        "híbrido - CLT + IBRATI",
        "3.000 a 4.000",
        "3000-4000",
        "entre 3 mil e 4 mil",
        "US$ 3.000",
        "3000 euros",
        "90.000 por ano",
        "300 por dia",
        "80",
        "0,00",
        "1.23.456",
        "12.3456",
        "99999999999999999999999999",
        "5000 + 30%",
        "1 milhão",
        "80 por hora 9000",
    ],
)
def test_ranges_other_units_and_unclear_amounts_say_nothing_certain(text):
    assert values.read_salary(text) == Salary()


@given(st.one_of(st.text(max_size=80), AMOUNT_LIKE))
def test_no_text_breaks_the_reader_of_money(text):
    salary = values.read_salary(text)
    assert salary.monthly is None or salary.hourly is None
    for amount in (salary.monthly, salary.hourly):
        assert amount is None or 0 < amount <= 1_000_000


@given(st.integers(100_00, 1_000_000_00))
def test_every_amount_in_brazilian_notation_is_read_exactly(cents):
    amount = Decimal(cents) / 100
    written = f"{amount:,.2f}".replace(",", "x").replace(".", ",").replace("x", ".")
    assert values.read_salary(f"R$ {written}").monthly == amount


# Closed sets


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nenhum", "none"),
        ("Básico", "basic"),
        ("Técnico", "technical"),
        ("Intermediário", "intermediate"),
        ("Avançado", "advanced"),
        ("Fluente", "fluent"),
        ("fluente ", "fluent"),
        ("", ""),
        ("Nativo", ""),
    ],
)
def test_language_levels(text, code):
    assert values.read_level(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sênior", "senior"),
        ("Pleno", "mid"),
        ("Júnior", "junior"),
        ("Técnico de Nível Médio", "technician"),
        ("Líder", "lead"),
        ("Outro", "other"),
        ("Sênior II", ""),
    ],
)
def test_seniorities(text, code):
    assert values.read_seniority(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ensino Superior Completo", "bachelor_complete"),
        ("Ensino Superior Cursando", "bachelor_ongoing"),
        ("Ensino Médio Incompleto", "secondary_incomplete"),
        ("Ensino Técnico Completo", "technical_complete"),
        ("Ensino Fundamental Completo", "primary_complete"),
        ("Pós Graduação Incompleto", "postgraduate_incomplete"),
        ("Pós-Graduação Completo", "postgraduate_complete"),
        ("Mestrado Completo", "master_complete"),
        ("Doutorado Cursando", "doctorate_ongoing"),
        ("Tecnólogo Completo", "technologist_complete"),
        ("Ensino Superior", ""),
        ("", ""),
    ],
)
def test_education(text, code):
    assert values.read_education(text) == code


def test_there_are_26_areas_and_each_is_read_alone_and_in_the_jobs_concatenation():
    assert len(values.AREA_LABELS) == 26
    for label in values.AREA_LABELS:
        assert values.read_areas(label) == [label]
    joined = "".join(f"{label}-" for label in values.AREA_LABELS)
    assert values.read_areas(joined) == list(values.AREA_LABELS)
    assert values.has_only_areas(joined)


def test_areas_that_hold_the_separator_are_not_split_at_it():
    assert values.read_areas("Gestão e Alocação de Recursos de TI-TI - SAP-") == [
        "Gestão e Alocação de Recursos de TI",
        "TI - SAP",
    ]


def test_the_candidates_list_of_areas_is_parted_by_commas():
    assert values.read_areas("TI - Banco de Dados, TI - Projetos, TI - Projetos") == [
        "TI - Banco de Dados",
        "TI - Projetos",
    ]


def test_an_unknown_area_is_left_out_and_known_to_be_missing():
    assert values.read_areas("TI - Magia-Comercial-") == ["Comercial"]
    assert not values.has_only_areas("TI - Magia-Comercial-")
    assert values.has_only_areas("")


def test_the_order_of_contract_types_does_not_matter():
    assert values.read_contract_types("CLT Full, PJ/Autônomo") == ["clt", "pj"]
    assert values.read_contract_types("PJ/Autônomo, CLT Full") == ["clt", "pj"]
    assert values.read_contract_types(
        "Candidato poderá escolher, Estagiário, CLT Cotas, Cooperado, Hunting"
    ) == [
        "clt_quota",
        "cooperative",
        "hunting",
        "intern",
        "open",
    ]
    assert values.read_contract_types("Banco de Horas") == ["banco_de_horas"]
    assert values.read_contract_types("") == []


def test_priority_and_origin_by_their_first_words():
    assert values.read_choice("Alta: Alta complexidade 3 a 5 dias", values.PRIORITIES) == "high"
    assert values.read_choice("Nova Posição", values.ORIGINS) == "new"
    assert values.read_choice("", values.PRIORITIES) == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("São Paulo, São Paulo", ("São Paulo", "São Paulo")),
        ("Vila Velha, Espirito Santo", ("Vila Velha", "Espírito Santo")),
        ("Campinas, SP", ("Campinas", "São Paulo")),
        ("Minas Gerais", ("", "Minas Gerais")),
        ("Recife", ("Recife", "")),
        ("", ("", "")),
        ("Lisboa, Portugal", ("Lisboa", "Portugal")),
        (", Bahia", ("", "Bahia")),
    ],
)
def test_places(text, place):
    assert values.read_place(text) == place
