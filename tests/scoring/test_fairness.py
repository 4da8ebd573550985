import datetime
import json

import numpy as np
import pytest

from candidates.models import Candidate, Demographics
from scoring import fairness
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db

DAY = np.datetime64("2026-03-10")


def person(**values):
    candidate = make_candidate()
    Demographics.objects.create(candidate=candidate, **values)
    return candidate.pk


def groups_of(*ids, day=DAY):
    found = fairness.groups(np.array(ids), np.full(len(ids), day))
    return {name: found[name].tolist() for name in fairness.ATTRIBUTES}


@pytest.mark.parametrize(
    ("stored", "name"),
    [("Feminino", "female"), (" MASCULINO ", "male"), ("Não-binário", "other"), ("", ""), ("  ", "")],
)
def test_the_sex_as_the_source_writes_it(stored, name):
    assert groups_of(person(sex=stored))["sex"] == [name]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ((1996, 3, 11), "under_30"),
        ((1996, 3, 10), "30_39"),
        ((1986, 3, 11), "30_39"),
        ((1986, 3, 10), "40_49"),
        ((1976, 3, 10), "50_over"),
        ((1926, 3, 10), ""),
        ((2020, 1, 1), ""),
        ((2012, 3, 11), ""),
        ((2012, 3, 10), "under_30"),
    ],
)
def test_the_age_is_that_of_the_day_of_the_application(born, band):
    assert groups_of(person(birth_date=datetime.date(*born)))["age"] == [band]


@pytest.mark.parametrize(
    ("stored", "name"), [("Sim", "yes"), ("Não", "no"), ("NAO", "no"), ("?", ""), ("", "")]
)
def test_a_disability_as_the_source_writes_it(stored, name):
    assert groups_of(person(disability=stored))["disability"] == [name]


def test_who_told_nothing_is_unknown_and_rows_keep_their_order():
    told, silent = person(sex="Feminino", birth_date=datetime.date(1990, 1, 1)), make_candidate().pk

    found = groups_of(silent, told, silent, told, 99_999_999)

    assert found["sex"] == ["", "female", "", "female", ""]
    assert found["age"] == ["", "30_39", "", "30_39", ""]


def test_nobody_gives_empty_groups():
    assert groups_of() == {"sex": [], "age": [], "disability": []}


def test_people_are_read_in_few_queries(django_assert_num_queries):
    ids = [person(sex="Feminino") for _ in range(5)]

    with django_assert_num_queries(1):
        groups_of(*ids, *ids)


def test_the_report_holds_counts_and_no_person():
    from scoring.ml.fairness import audit

    ids = [person(sex="Feminino" if n % 2 else "Masculino") for n in range(12)]
    groups = fairness.groups(np.array(ids), np.full(len(ids), DAY))
    report = fairness.report(audit(groups, {"at_cut": np.ones(12)}, rules=fairness.rules()), rows=12)

    text = json.dumps(report, allow_nan=False)
    assert report["rows"] == 12
    assert report["judged"] is False
    assert {one["n"] for one in report["blocks"][0]["categories"]} == {6}
    assert not any(candidate.name in text for candidate in Candidate.objects.all())


def test_only_the_audit_reads_protected_attributes():
    """No other module of scoring names them."""
    from pathlib import Path

    root = Path(fairness.__file__).parent
    reading = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "Demographics" in path.read_text() or "demographics__" in path.read_text()
    ]
    assert reading == ["fairness.py"]
