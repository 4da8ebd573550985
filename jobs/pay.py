"""What a job pays, read from free text: reais a month.

Two places tell it: the field for the price at which work is bought ("valor de compra": what the professional
gets), where every amount is meant as pay, and the remarks, where an amount counts only beside a word for pay.
What the client pays ("valor de venda", "faturamento") and benefits beside the pay never count. Of a range,
and of several ways of paying, the most counts: it is what a wish has to fit into.

A second field for the price and the descriptions of the work are left out on purpose: they are filled in, or
name a person's pay, mostly where somebody was chosen already (figures in docs/data.md).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from candidates.importing_values import OTHER_MONEY, fold, read_amount

HOURS_A_MONTH = 168
LEAST_MONTHLY, MOST_MONTHLY = 500, 60_000
LEAST_HOURLY, MOST_HOURLY = 5, 500
LEAST_BARE = 20  # below it a number without a unit may be thousands ("10 PJ"), a grade or a day
MOST_CHARACTERS = 20_000  # read of each text

Cue = Literal["pay", "price", "sale", "benefit"]

# The last of these words before an amount says what it is an amount of.
_CUES = re.compile(
    r"\b(?:(?P<sale>vendas?|faturamento|fatura\w*|billing|margem)"
    r"|(?P<benefit>vale|v[art]|auxili\w*|ajuda|ac|plr|bonus|comiss\w+|cota[sd]?|premi\w+|ticket|odonto\w*"
    r"|saude|seguro|alimentacao|refeicao|transporte|combustivel|allowance|km|descontos?|mensalidade"
    r"|reembolso|beneficios(?= ?:))"
    r"|(?P<pay>salari\w+|salary|remuneracao|compra|pagamento|pagar|clt(?: full)?|pj|cooperad[oa]"
    r"|na mao|contratacao)"
    r"|(?P<price>rates?|taxas?|tarifas?|budget\w*|orcamento|valor(?:es)?|target|custo|verba))\b"
)
_CUE_REACH = 80  # characters before an amount
_AMOUNT = re.compile(
    r"(?:(?P<mark>r ?\$ ?\.? ?|\bbrl ?|\breais )|(?<![a-z0-9.,])|(?<=\bclt)|(?<=\bpj)|(?<=\bate))"
    r"(?P<number>[0-9][0-9.,]*)(?P<thousand> ?(?:mil|k)\b)?"
)
# What a line must hold for an amount in it to be marked; nearly no line does
_MONEY = re.compile(
    r"[0-9] ?(?:k|mil)\b|\$ ?\.? ?[0-9]|\bbrl\b|reais|[0-9][ -]*(?:valor )?(?:/|p/|por|a )? ?h|hora", re.I
)
_DATE = re.compile(r"\b(?:0?[1-9]|[12][0-9]|3[01])/(?:0?[1-9]|1[0-2])(?:/(?:[0-9]{4}|[0-9]{2}))?\b")
_YEAR = re.compile(r"20[0-3][0-9]")
_HOURS_OF_A_MONTH = re.compile(r"\b(?:160|168|176|180|220) ?(?:horas?|horaas|hs?)\b|^mes 168$|^168$")
_SPLIT_CENTS = re.compile(r"(?<=[0-9]) ?, ?(?=00?\b)")
_HOURLY = re.compile(r"[ ,]*(?:valor )?(?:-|/|p/|por|a|de|=)? ?(?:h|hr|hora|hotra|hour)s?\b")
_HOURLY_BEFORE = re.compile(r"\bhora(?: rate)?[ :=-]*$")
_RANGE = re.compile(r" ?(?:a|e|ate|-|~|/) ?")
_MONTHLY = re.compile(r"\b(?:mes|mensal|mensais|month)\b")
_NOT_MONEY = re.compile(
    r" ?(?:%|horas\b|hs\b|/ ?dia|por dia|dias?\b|diarias?\b|semana|meses\b|/ ?ano|por ano|anos?\b"
    r"|vagas?\b|profissiona|recursos?\b|pessoas|km\b|usuarios|milh(?:ao|oes)|x\b|a ?\.?m\.?\b)"
)
_PAY_AFTER = re.compile(r" ?(?:-|=|/mes|/)? ?(?:clt|pj|cooperad|na mao)\b")
_SALE_AFTER = re.compile(r" ?-? ?(?:venda|faturamento)\b")


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    cue: Cue | None
    marked: bool  # money beyond doubt: a currency, thousands, or a unit of time beside it
    hourly: bool
    monthly: bool


def read_pay(purchase: str, remarks: str) -> Decimal | None:
    """Reais a month; None when neither states a plausible amount.

    ``purchase`` is the source's valor_compra_1; ``remarks``, read when that says nothing, its
    demais_observacoes and what is kept with them. An hour is paid 168 times a month. Plausible: 500 to 60,000
    a month, 5 to 500 an hour.
    """
    pay = _most(_amounts(purchase[:MOST_CHARACTERS]), of=("pay", "price", None))
    return _stated(remarks) if pay is None else pay


def _stated(text: str) -> Decimal | None:
    """The most that a text states: as pay first, else as a rate or a budget."""
    lines = (line for line in text[:MOST_CHARACTERS].splitlines() if _MONEY.search(line))
    found = [amount for line in lines for amount in _amounts(line) if amount.marked]
    return _most(found, of=("pay",)) or _most(found, of=("price",))


def _most(amounts: Iterable[_Amount], *, of: tuple[Cue | None, ...]) -> Decimal | None:
    months = (_a_month(amount) for amount in amounts if amount.cue in of)
    return max((month for month in months if month is not None), default=None)


def _a_month(amount: _Amount) -> Decimal | None:
    """The size tells the hour from the month, unless the words say otherwise."""
    if amount.value >= LEAST_MONTHLY:
        month = amount.value
        sure = not amount.hourly or amount.value == LEAST_MONTHLY
    else:
        month = amount.value * HOURS_A_MONTH
        least = LEAST_HOURLY if amount.hourly else LEAST_BARE
        sure = least <= amount.value <= MOST_HOURLY and (amount.hourly or not amount.monthly)
    return month if sure and LEAST_MONTHLY <= month <= MOST_MONTHLY else None


def _amounts(text: str) -> Iterator[_Amount]:
    """Every number that may be money, with what the words around say of it; none in other currencies."""
    words = _SPLIT_CENTS.sub(",", fold(text))
    if OTHER_MONEY.search(words):
        return
    words = _HOURS_OF_A_MONTH.sub(" ", _DATE.sub(" ", words))
    end, marked = 0, False
    for found in _AMOUNT.finditer(words):
        between = words[end : found.start()]
        amount = _amount(words, found, between, marked=marked and bool(_RANGE.fullmatch(between)))
        end, marked = found.end(), bool(amount and amount.marked)
        if amount:
            yield amount


def _amount(words: str, found: re.Match[str], between: str, *, marked: bool) -> _Amount | None:
    """``between``: what stands between the amount before and this one."""
    value = read_amount(found["number"])
    before = words[max(0, found.start() - _CUE_REACH) : found.start()]
    after = words[found.end() : found.end() + 40]
    if value is None or _is_no_money(found, after):
        return None
    if found["thousand"] and value < 1000:  # "de 2.600 a 4000mil" is a slip
        value *= 1000
    hourly = bool(_HOURLY.match(after) or _HOURLY_BEFORE.search(between))
    return _Amount(
        value=value,
        cue=_cue(before, after),
        marked=bool(marked or found["mark"] or found["thousand"] or hourly),
        hourly=hourly,
        monthly=bool(_MONTHLY.search(between) or _MONTHLY.search(after[:12])),
    )


def _is_no_money(found: re.Match[str], after: str) -> bool:
    if found["mark"] or found["thousand"]:
        return bool(re.match(r" ?(?:%|/ ?dia|por dia|milh)", after))
    return bool(_NOT_MONEY.match(after) or _YEAR.fullmatch(found["number"]))


def _cue(before: str, after: str) -> Cue | None:
    if _SALE_AFTER.match(after):
        return "sale"
    if _PAY_AFTER.match(after):
        return "pay"
    cues = [cast(Cue, found.lastgroup) for found in _CUES.finditer(before)]
    return cues[-1] if cues else None
