from decimal import Decimal

import pytest

from jobs.pay import read_pay


def paid(purchase: str = "", remarks: str = "") -> float | None:
    pay = read_pay(purchase, remarks)
    return None if pay is None else float(pay)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", ".", "R$", "Fechado", "valor fechado.", "Aberto", "Valor Aberto - CLT FULL ou PJ",
        "hora", "horas abertas", "Mensal", "00,00", "0,00", "0", "TBD", "A combinar", "Cotação",
        "ver valor máximo de venda acima", "F4", "G2NT", "C2/D4", "SR II", "Consultor Pleno 2",
        "Especialista",
    ],
)  # fmt: skip
def test_most_fillings_of_the_price_field_say_nothing(text):
    assert paid(text) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("8.750,00", 8750), ("R$ 8.750", 8750), ("R$8750,00", 8750), ("8750", 8750), ("R$ 8,750.00", 8750),
        ("R$ 8.750.00", 8750), ("R$ 8.750 ,00", 8750), ("R$ 8.750, 00", 8750), ("BRL 8,750.55", 8750.55),
        ("até R$12.350,00", 12350), ("atéR$ 12.350,00", 12350), ("máximo 7.300,00", 7300),
        ("9k", 9000), ("9,5k", 9500), ("9.5K", 9500), ("11 mil", 11000), ("11mil / mês", 11000),
        ("CLT 7k", 7000), ("PJ 13k mensal", 13000), ("clt6400", 6400), ("6400 clt full", 6400),
        ("mensal até 9.100,00 168 horas mês fechado", 9100), ("R$ 4.200,00 por mês", 4200),
        ("R$ 3.100,00 + benefícios", 3100), ("Contratação CLT + Benefícios - até R$ 13.400,00", 13400),
        ("Mensal - Analista Pleno BRL 5,871.03", 5871.03), ("Salário: R$ 9.400,00 - máximo", 9400),
        ("R$ 3.840,00 (valores 2021 - início em dez/2021)", 3840),
        ("R$ 74,00 = R$ 12.432,00", 12432),
    ],
)  # fmt: skip
def test_an_amount_a_month_is_read_in_its_many_notations(text, month):
    assert paid(text) == month


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("92,00", 92), ("92", 92), ("R$ 92,50", 92.5), ("92/h", 92), ("R$ 92,00/hora", 92), ("92 a hora", 92),
        ("R$92,00 / hora", 92), ("92,00 por hora", 92), ("R$ 92,00 p/ hora", 92), ("hora 92,00", 92),
        ("R$ 92,00 valor p/ hora", 92), ("hora rate R$ 92,00", 92), ("92,00 - hora", 92), ("92,00 hora", 92),
        ("em torno de 92/hora - PJ", 92), ("máximo de R$ 92,00/hora", 92), ("PJ 92,00 no máximo", 92),
        ("R$ 92 PJ", 92), ("12,00/hora", 12), ("Consultor XY - PL2 - R$ 92,40", 92.4), ("SR3 (92,40)", 92.4),
    ],
)  # fmt: skip
def test_an_hour_counts_168_times_a_month(text, hour):
    assert paid(text) == round(hour * 168, 2)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("De R$ 7.000,00 a R$ 8.200,00/mês", 8200), ("R$ 8.300 a 12.900", 12900),
        ("de 2.500,00 à 6.100,00", 6100),
        ("de 5 a 6 mil", 6000), ("entre 10 e 12k", 12000), ("faixa 10 - 14,5k", 14500), ("3,5 a 5,5K", 5500),
        ("entre R$ 92,00 ~ R$ 96,00 / hora", 96 * 168), ("R$ 110-115 por hora", 115 * 168),
        ("de 81/84 a hora", 84 * 168),
        ("PJ = 60/hora ou CLT full = R$ 6.300,00/mês", 60 * 168), ("R$ 30,00/hora PJ ou 8mil CLT", 8000),
        ("Jr = 3 a 4K / Pl = 6 a 7K / Sr = 9 a 10K", 10000), ("de 2.600 a 4000mil reais", 4000),
    ],
)  # fmt: skip
def test_of_a_range_and_of_several_ways_of_paying_the_most_counts(text, month):
    assert paid(text) == month


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("CLT 5200 + AC 2100", 5200), ("7k clt + 2k ajuda de custo", 7000),
        ("R$ 4.100 CLT + COTAS R$ 9.000,00 + VR", 4100),
        ("Salário CLT R$ 1.900,00 + Vale Refeição R$ 390,00 + Auxílio Transporte R$ 210,00", 1900),
    ],
)  # fmt: skip
def test_benefits_beside_the_pay_are_not_pay(text, month):
    assert paid(text) == month


@pytest.mark.parametrize(
    "text",
    [
        "95,00 VENDA", "Faturamento R$ 6.420,00", "Analista Pleno - Faturamento R$ 6.420,00",
        "Fechado Valor faturamento /hora: R$ 97,00", "Faturamento entre R$ 36,00 e R$ 43,00/hora",
        "US$ 40/h", "40 usd", "EUR 3.000,00",
        "168", "168 horas", "mês 168", "40 horas", "aplicar por volta de 19,05% de taxas",
        "menos 30% de margem",
        "10 PJ", "7.2 PJ", "R$ 11,30", "13 PJ ou 8 CLT", "3", "R$ 4,00/hora", "R$ 90.000,00",
        "R$ 620,00/hora",
        "490,00/hora", "mês R$ 83,00", "83,00 mês Hunting", "R$ 1.000.000", "início 30/11/2026", "até 2026",
        "R$ 70 por dia", "1" * 60,
    ],
)  # fmt: skip
def test_what_is_no_pay_or_no_plausible_one_gives_nothing(text):
    assert paid(text) is None


@pytest.mark.parametrize(
    ("remarks", "month"),
    [
        ("Salário CLT até R$ 8.200,00. Local: remoto", 8200), ("remuneração: 8,5k", 8500),
        ("Local: remoto / Budget máximo R$ 9300 CLT", 9300), ("PJ até R$ 62,00 hora", 62 * 168),
        ("Taxa máxima R$ 71/h", 71 * 168), ("Valor hora: R$ 55,00", 55 * 168), ("Rate: R$.75/hora", 75 * 168),
        ("Budgeted Rate - indicate currency and type (hourly/daily)* R$ 88,00/h", 88 * 168),
        ("Valor de compra 57,00/h Valor de venda R$ 79,00/h", 57 * 168),
        ("Rate R$ 140,00 - pagamento R$ 14.300,00", 14300),
        ("Salário R$ 1.545,00 VR R$ 539,00 transporte", 1545),
        ("salário na mão do recurso 13 a 16K", 16000), ("Remuneração de R$ 12.000,00 a 13.500,00", 13500),
        ("Início imediato\nSalário de até 14k\nHorário das 9h às 18h", 14000),
    ],
)  # fmt: skip
def test_remarks_tell_pay_beside_a_word_for_it(remarks, month):
    assert paid("Fechado", remarks) == month


@pytest.mark.parametrize(
    "remarks",
    [
        "", "Horário das 08 às 17 horas", "44 horas semanais",
        "5 anos de experiência, mais de 15 mil usuários",
        "Nexus 9k e 7k", "Vale Alimentação: R$ 770,00", "VR de R$ 35,00 por dia", "Taxa de venda R$ 90,00",
        "Taxa de faturamento R$ 112,00", "Auxílio Home Office de R$ 100,00", "orçamento de R$ 30 milhões",
        "Salário a combinar", "budget a ser definido", "Projeto de 6 meses, carga horária: 640 horas",
        "Rate US$ 45/h", "pretensão 10",
    ],
)  # fmt: skip
def test_other_numbers_in_remarks_are_no_pay(remarks):
    assert paid("", remarks) is None


def test_the_price_field_comes_before_the_remarks():
    assert paid("R$ 7.000,00", "salário até R$ 9.000,00") == 7000
    assert paid("Aberto", "salário até R$ 9.000,00") == 9000


def test_pay_is_exact_to_the_cent():
    assert read_pay("68,45", "") == Decimal("11499.60")


def test_a_very_long_remark_is_read_quickly_and_its_end_not_at_all():
    filler = "hora " * 40_000
    assert paid("", filler + "\nSalário R$ 9.000,00") is None
    assert paid("", "Salário R$ 9.000,00\n" + filler) == 9000
