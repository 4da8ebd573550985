import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from candidates.models import RunState
from scoring import further, tasks
from scoring.models import DatasetSnapshot, ModelCheck
from tests.pages import assert_no_inline_code, text_of
from tests.scoring.measured import CARD, METRICS, OVERALL, make_measured_version

pytestmark = pytest.mark.django_db

FURTHER = ModelCheck.Kind.FURTHER
FRAGMENT = {"HX-Request": "true"}
FIGURES = {name: METRICS[name] for name in (*OVERALL, "inside_jobs")}
MEASURED = {
    "backtests": [
        {"start": "2024-03-01", "end": "2024-08-31", "metrics": FIGURES, "problem": ""},
        {"start": "2023-03-01", "end": "2023-08-31", "metrics": None, "problem": "Only 3 hires."},
    ],
    "grouped": {
        "folds": [FIGURES, FIGURES | {"roc_auc": 0.812}],
        "metrics": FIGURES | {"roc_auc": 0.777},
        "evidence": None,
        "problem": "",
    },
    "ablation": [
        {"recipe": "peneira", "metrics": FIGURES, "problem": ""},
        {"recipe": "job alone", "metrics": FIGURES | {"roc_auc": 0.654}, "problem": ""},
        {"recipe": "of another program", "metrics": FIGURES, "problem": ""},
    ],
    "further_at": "2026-03-10T10:00:00+00:00",
}
RESULTS = ("Tried on earlier times", "the optimistic figure", "With a part left out")


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(tasks.run_further_check, "delay", messages.append)
    return messages


@pytest.fixture
def version():
    snapshot = DatasetSnapshot.objects.create(
        sha256="a" * 64, path="x", schema_version=1, rows=1, columns=1, size=1
    )
    return make_measured_version(snapshot=snapshot)


def address(version):
    return reverse("scoring:further", args=[version.number])


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


def checked(version, **values):
    return ModelCheck.objects.create(version=version, kind=FURTHER, **values)


# Who may


def test_who_may_not_train_cannot_ask(page, version):
    assert page.post(address(version)).status_code == 403
    assert not ModelCheck.objects.exists()
    shown = page.get(version.get_absolute_url())
    assert "Whoever may train models can ask for it." in plain(shown)
    assert address(version) not in text_of(shown)


def test_who_may_train_can_ask(page, recruiter, version):
    recruiter.user_permissions.add(Permission.objects.get(codename="add_trainingrun"))

    page.post(address(version))

    assert ModelCheck.objects.get().requested_by == recruiter


def test_a_stranger_is_sent_to_the_sign_in_page(client, version):
    for response in (client.get(address(version)), client.post(address(version))):
        assert response.headers["Location"].startswith(reverse("login"))
    assert not ModelCheck.objects.exists()


def test_an_unknown_version_is_not_found(admin_page):
    assert admin_page.post(reverse("scoring:further", args=[999999])).status_code == 404


def test_other_methods_are_refused(admin_page, version):
    assert admin_page.delete(address(version)).status_code == 405


# States


def test_before_it_was_asked_the_page_says_what_it_is_for_and_how_long_it_takes(admin_page, version):
    shown = plain(admin_page.get(version.get_absolute_url()))

    for words in ("One test window may have been lucky", "some minutes", "Measure on further windows"):
        assert words in shown
    assert not any(words in shown for words in RESULTS)


def test_without_its_rows_it_cannot_be_asked(admin_page):
    version = make_measured_version()

    shown = admin_page.get(version.get_absolute_url())

    assert further.NO_SNAPSHOT in plain(shown)
    assert address(version) not in text_of(shown)


def test_it_is_asked_once_and_polled(admin_page, version, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_page.post(address(version))
        admin_page.post(address(version))

    assert response.headers["Location"] == f"{version.get_absolute_url()}#further-title"
    check = ModelCheck.objects.get()
    assert sent == [check.pk]
    shown = admin_page.get(version.get_absolute_url())
    assert f'hx-get="{address(version)}" hx-trigger="every 2s"' in text_of(shown)
    assert "Waiting for a worker" in plain(shown)
    assert "<button" not in text_of(admin_page.get(address(version), headers=FRAGMENT))


def test_the_button_answers_htmx_with_the_progress(admin_page, version):
    part = admin_page.post(address(version), headers=FRAGMENT)

    assert part.status_code == 200
    assert text_of(part).startswith('<section id="further"')
    assert "Waiting for a worker" in plain(part)


def test_how_far_it_is_is_told_to_everybody(page, version):
    checked(version, state=RunState.RUNNING, progress=0.37, step=further.FOLDS)

    part = page.get(address(version), headers=FRAGMENT)

    assert part.status_code == 200
    for words in ("37 %", "Trying folds of jobs"):
        assert words in plain(part)


def test_the_end_stops_the_polling_and_brings_the_figures(page, version):
    version.card = CARD | MEASURED
    version.save()
    checked(version, state=RunState.DONE)

    part = page.get(address(version), headers=FRAGMENT)

    assert part.status_code == 286
    assert "hx-trigger" not in text_of(part)
    assert all(words in plain(part) for words in RESULTS)


def test_a_failure_says_why_beside_the_earlier_figures(admin_page, version):
    version.card = CARD | MEASURED
    version.save()
    checked(version, state=RunState.FAILED, error="The check failed; the log of the worker says where.")

    shown = plain(admin_page.get(version.get_absolute_url()))

    assert "The check failed; the log of the worker says where." in shown
    assert all(words in shown for words in RESULTS)
    assert "Measure again" in shown


def test_a_failure_is_told_in_portuguese(admin_page, version):
    checked(version, state=RunState.FAILED, error=further.NO_SNAPSHOT)
    admin_page.post(reverse("set_language"), {"language": "pt-br"})

    shown = plain(admin_page.get(version.get_absolute_url()))

    assert further.NO_SNAPSHOT not in shown
    assert "não foram guardadas" in shown


def test_the_figures_are_shown(page, version):
    version.card = CARD | MEASURED
    version.save()

    shown = plain(page.get(version.get_absolute_url()))

    for words in (
        *RESULTS,
        *("03/01/2024 – 08/31/2024", "Only 3 hires.", "0.710", "0.66 – 0.76", "0.700", "0.64 – 0.76"),
        *("fold 2", "0.812", "all folds together", "0.777", "39 jobs"),
        *("nothing left out", "only: whether the job gets filled", "0.654", "of another program"),
    ):
        assert words in shown, words
    assert "Measure again" not in shown


@pytest.mark.parametrize(
    "stored",
    [
        {"backtests": "x", "grouped": [], "ablation": {"a": 1}},
        {"backtests": [3, {}], "grouped": {"folds": [None], "metrics": 3}, "ablation": [{"recipe": None}]},
    ],
)
def test_figures_of_another_program_break_no_page(page, version, stored):
    version.card = CARD | stored
    version.save()

    assert page.get(version.get_absolute_url()).status_code == 200


def test_it_reads_in_portuguese_too(admin_page, version):
    version.card = CARD | MEASURED
    version.save()
    admin_page.post(reverse("set_language"), {"language": "pt-br"})

    shown = plain(admin_page.get(version.get_absolute_url()))

    for words in ("Medido em outras janelas", "0,812", "todos os grupos juntos", "nada de fora"):
        assert words in shown, words


@pytest.mark.parametrize("many", [1, 4])
def test_the_number_of_queries_does_not_grow(page, version, many, django_assert_num_queries, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    version.card = CARD | MEASURED | {"backtests": MEASURED["backtests"] * many}
    version.save()
    for _ in range(many):
        checked(version, state=RunState.DONE)

    # session, user, version, check, permissions of the person and of the groups
    with django_assert_num_queries(7):
        page.get(address(version), headers=FRAGMENT)


def test_no_page_has_inline_style_or_script(admin_page, version):
    version.card = CARD | MEASURED
    version.save()
    checked(version, state=RunState.RUNNING)

    assert_no_inline_code(admin_page.get(version.get_absolute_url()))
