import re

import pytest
from django.urls import reverse

from candidates.models import RunState
from scoring.models import DatasetSnapshot, ModelVersion, Promotion, TrainingRun
from tests.factories import make_version
from tests.pages import assert_no_inline_code, text_of
from tests.scoring.measured import (
    CARD,
    METRICS,
    VERDICT,
    make_measured_version,
    make_version_to_review,
    make_version_with_rows,
)

FRAGMENT = {"HX-Request": "true"}
LIST = reverse("scoring:model_list")


def plain(response):
    """What is read, tags and repeated spaces taken away."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))


@pytest.fixture(autouse=True)
def sessions_in_the_database(settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


class TestWhoMaySee:
    @pytest.mark.django_db
    @pytest.mark.parametrize("name", ["model_detail", "model_fields", "model_review", "model_thresholds"])
    def test_a_stranger_is_sent_to_the_sign_in_page(self, client, name):
        address = reverse(f"scoring:{name}", args=[1])
        assert client.get(address).headers["Location"].startswith(reverse("login"))

    @pytest.mark.django_db
    def test_a_stranger_compares_and_marks_nothing(self, client):
        for response in (
            client.get(reverse("scoring:model_compare")),
            client.post(reverse("scoring:mark", args=[1])),
        ):
            assert response.headers["Location"].startswith(reverse("login"))

    @pytest.mark.parametrize("name", ["model_detail", "model_fields", "model_review", "model_thresholds"])
    def test_an_unknown_version_is_not_found(self, page, name):
        assert page.get(reverse(f"scoring:{name}", args=[999999])).status_code == 404


class TestRegistry:
    def test_it_sets_figures_beside_their_yardstick(self, page):
        make_measured_version()
        shown = plain(page.get(LIST))
        for words in ("0.710", "0.66 – 0.76", "0.200", "by chance 0.080", "0.700", "0.64 – 0.76"):
            assert words in shown

    @pytest.mark.parametrize(
        ("evidence", "words"),
        [("strong", "strong evidence"), ("some", "some evidence"), ("none", "no evidence")],
    )
    def test_it_says_the_evidence_of_each(self, page, evidence, words):
        make_measured_version(evidence=evidence)
        assert words in plain(page.get(LIST))

    @pytest.mark.parametrize(
        ("verdict", "words"),
        [({}, "not judged"), (VERDICT, "not passed"), (VERDICT | {"passed": True}, "passed")],
    )
    def test_it_says_what_the_gate_said(self, page, verdict, words):
        make_measured_version(verdict=verdict)
        assert words in [
            badge.strip() for badge in re.findall(r"> ?([a-z ]+)</span>", text_of(page.get(LIST)))
        ]

    def test_a_version_without_figures_is_not_called_without_evidence(self, page):
        make_version(metrics={})
        shown = plain(page.get(LIST))
        assert "not measured" in shown
        assert "no evidence" not in shown

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ({"recipe": "peneira"}, {1, 2}),
            ({"state": "retired"}, {2, 3}),
            ({"recipe": "peneira", "state": "retired"}, {2}),
            ({"recipe": "", "state": ""}, {1, 2, 3}),
        ],
    )
    def test_it_is_narrowed_by_recipe_and_state(self, page, query, numbers):
        make_version(number=1)
        make_version(number=2, state="retired")
        make_version(number=3, state="retired", recipe="prec80")
        found = page.get(LIST, query).context["models"]
        assert {model.version.number for model in found} == numbers

    def test_a_filter_it_does_not_know_is_said_and_not_applied(self, page):
        make_version(number=1)
        response = page.get(LIST, {"state": "asleep"})
        assert "asleep" in plain(response)
        assert len(response.context["models"]) == 1

    def test_a_filter_that_finds_nothing_says_so(self, page):
        make_version()
        assert "No version like that" in plain(page.get(LIST, {"state": "retired"}))

    def test_a_fragment_is_the_list_alone_and_announces_it(self, page):
        make_version()
        response = page.get(LIST, headers=FRAGMENT)
        assert text_of(response).lstrip().startswith('<section id="results"')
        assert 'id="status"' in text_of(response)
        assert "HX-Request" in response.headers["Vary"]

    def test_two_can_be_ticked_and_one_alone_cannot(self, page):
        make_version(number=1)
        assert 'name="v"' not in text_of(page.get(LIST))
        make_version(number=2, state="retired")
        assert text_of(page.get(LIST)).count('name="v"') == 2

    def test_without_a_version_it_teaches_what_to_do(self, admin_page):
        shown = plain(admin_page.get(LIST))
        assert "manage.py train" in shown
        assert "Import candidates, jobs and their outcomes" in shown

    def test_without_a_version_a_recruiter_is_told_who_can(self, page):
        shown = plain(page.get(LIST))
        assert "An administrator can train one" in shown
        assert "manage.py train" not in shown

    def test_the_training_form_says_what_each_recipe_is_for(self, admin_page):
        from scoring.figures.words import RECIPES as PURPOSES
        from scoring.ml.recipes import RECIPES

        shown = text_of(admin_page.get(LIST))
        for name in RECIPES:
            assert f'value="{name}"' in shown
            assert str(PURPOSES[name]) in shown

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, page, rows, django_assert_num_queries):
        for _ in range(rows):
            run = TrainingRun.objects.create(state=RunState.DONE)
            make_measured_version(state="retired", training_run=run)
        # session, user, permissions of the person and of the groups, count, versions, runs
        with django_assert_num_queries(9):
            page.get(LIST)


class TestModelCard:
    def test_it_tells_what_the_version_is_and_what_was_measured(self, page):
        version = make_measured_version(verdict=VERDICT)
        shown = plain(page.get(version.get_absolute_url()))
        for words in (
            *("0.710", "95 %: 0.660 – 0.760", "0.012", "32 / 400"),
            *("Orders the candidates of a job.", "A limit of the model.", "Only a few hires."),
            "Only 12 hires are left.",
            *("everybody gets the average", "a model that sees the job and nobody", "a later rule"),
            *("measured on, untouched before", "09/11/2025", "10/31/2026"),
            *("a hire among the first fifty", "0.840"),
            *("900 applications of 300 people to 60 jobs", "10 rows were left out"),
        ):
            assert words in shown

    @pytest.mark.parametrize(
        ("evidence", "words"),
        [
            ("strong", "Its order inside a job clearly beats chance."),
            ("some", "beats chance, but not by much or not for certain"),
            ("none", "Nothing shows that its order inside a job beats chance"),
        ],
    )
    def test_the_verdict_is_one_plain_sentence(self, page, evidence, words):
        shown = plain(page.get(make_measured_version(evidence=evidence).get_absolute_url()))
        assert words in shown
        assert "In 39 later jobs" in shown
        assert "64 % to 76 %" in shown

    def test_an_old_version_without_figures_or_card_is_shown_as_not_measured(self, page):
        bare = make_version(threshold_attainable=False)
        shown = plain(page.get(bare.get_absolute_url()))
        assert "could not be measured" in shown
        assert "not measured" in shown
        assert "No gate has judged this version." in shown
        assert "The rows behind this curve were not kept" in shown

    @pytest.mark.parametrize(
        "stored",
        [
            {"metrics": [], "card": "x", "verdict": []},
            {"metrics": {"intervals": [], "inside_jobs": [], "slices": {"a": 1}, "baselines": [3]}},
            {"metrics": {"roc_auc": "0.7", "reliability": [{"n": 5}], "accept": {"n": "x"}}},
            {"card": {"windows": [{}], "features": [{}, 3], "warnings": [{"id": "%(n)s left"}, 7, None]}},
            {"card": {"data": {"by_year": {"2025": None}}, "params": 3, "limits": "x", "threshold": []}},
            {"verdict": {"passed": True, "checks": [{}, 4, {"name": "f1", "low": "x"}], "at": 3}},
            {"metrics": {"slices": [{}], "inside_jobs": {"figures": {"roc_auc": 0.6}}}},
        ],
    )
    def test_figures_of_another_shape_never_break_the_page(self, page, stored):
        version = make_version(**stored)
        other = make_measured_version(state="retired")
        assert page.get(version.get_absolute_url()).status_code == 200
        assert page.get(LIST).status_code == 200
        query = {"a": version.number, "b": other.number}
        assert page.get(reverse("scoring:model_compare"), query).status_code == 200

    def test_a_cut_that_was_not_reached_is_called_so(self, page):
        version = make_measured_version(threshold_attainable=False)
        assert "No cut reaches a precision of 80 %" in plain(page.get(version.get_absolute_url()))

    @pytest.mark.parametrize(
        ("hits", "precision", "badge", "words"),
        [
            (9, 0.9, "badge-good", "reached From a score of 50 %"),
            (
                2,
                0.2,
                "badge-warn",
                "80 % were hired on the rows it was chosen on, but 20 % of those who came",
            ),
            (0, 0.0, "badge-warn", "but 0 % of those who came later."),
            (0, None, "badge-warn", "Nobody who came later scored so high."),
        ],
    )
    def test_a_cut_is_called_reached_only_if_it_was_later_too(self, page, hits, precision, badge, words):
        counts = {"true_positives": hits, "false_positives": 10 - hits, "precision": precision}
        version = make_measured_version(metrics=METRICS | {"at_threshold": counts}, threshold=0.5)
        section = text_of(page.get(version.get_absolute_url())).split('id="threshold-title"')[1]
        section = section.split("</section>")[0]
        assert re.findall(r"badge-\w+", section) == [badge]
        assert words in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section))

    def test_features_stand_in_groups_a_recruiter_understands(self, page):
        groups = page.get(make_measured_version().get_absolute_url()).context["details"].features
        assert [(str(group.words), round(group.share, 2)) for group in groups] == [
            ("The job: how often such jobs were filled", 0.45),
            ("CV close to the job's text", 0.3),
            ("English", 0.2),
            ("Other facts", 0.05),
        ]
        assert groups[0].length == 100
        assert [group.about_the_job for group in groups] == [True, False, False, False]

    def test_it_says_how_much_is_about_the_job_alone(self, page):
        shown = plain(page.get(make_measured_version().get_absolute_url()))
        assert "45 % of what it learned is about the job" in shown

    def test_every_group_of_features_has_its_words(self):
        from scoring.figures.words import FEATURE_GROUPS
        from scoring.ml.features import FEATURE_GROUPS as GROUPS

        assert set(FEATURE_GROUPS) == set(GROUPS)

    def test_a_part_with_too_few_rows_shows_no_figure(self, page):
        shown = text_of(page.get(make_measured_version().get_absolute_url()))
        assert "Senior" in shown
        assert "too few to say" in shown
        assert "0.990" not in shown

    def test_other_measurements_are_shown_when_they_were_made(self, page):
        tests = [
            {"start": "2024-03-01", "end": "2024-08-31", "metrics": METRICS, "problem": ""},
            {"start": "2023-03-01", "end": "2023-08-31", "metrics": None, "problem": "Only 3 hires."},
        ]
        parts = [{"recipe": "without_text", "metrics": METRICS | {"roc_auc": 0.654}, "problem": ""}]
        version = make_measured_version(card=CARD | {"backtests": tests, "ablation": parts})
        shown = plain(page.get(version.get_absolute_url()))
        for words in ("03/01/2024 – 08/31/2024", "Only 3 hires.", "without_text", "0.654"):
            assert words in shown
        bare = plain(page.get(make_measured_version(state="retired").get_absolute_url()))
        assert "Tried on earlier times" not in bare

    def test_likely_to_accept_is_a_number_of_its_own(self, page):
        shown = plain(page.get(make_measured_version().get_absolute_url()))
        assert "90 wanted candidates, 61 accepted" in shown
        assert "0.580" in shown

    def test_the_gate_gives_its_reasons(self, page):
        shown = plain(page.get(make_measured_version(verdict=VERDICT).get_absolute_url()))
        for words in (
            *("The gate would not let it take the place of version 2", "380 later applications"),
            *("Average precision not lower beyond the noise", "some evidence", "Nobody told."),
        ):
            assert words in shown

    def test_it_can_be_made_again(self, page):
        snapshot = DatasetSnapshot.objects.create(
            sha256="a" * 64, path="x", schema_version=1, rows=1, columns=1, size=1
        )
        version = make_measured_version(snapshot=snapshot, code_commit="c" * 40, sha256="d" * 64)
        shown = plain(page.get(version.get_absolute_url()))
        for words in (f"manage.py reproduce {version.number}", "a" * 64, "c" * 40, "d" * 64, "4.6.0", "42"):
            assert words in shown
        assert "choice.num_leaves" in shown

    def test_it_tells_when_and_why_it_served(self, page, administrator):
        old, new = make_measured_version(state="retired"), make_measured_version(verdict=VERDICT)
        Promotion.objects.create(
            version=new, replaced=old, by=administrator, reason="It reads CVs better.", overruled=True
        )
        shown = plain(page.get(new.get_absolute_url()))
        for words in (
            "administrator",
            "It reads CVs better.",
            f"instead of v{old.number}",
            "against the gate",
        ):
            assert words in shown

    def test_who_may_promote_is_led_to_it(self, admin_page):
        for state, words in (("challenger", "Promote"), ("retired", "Roll back to this version")):
            version = make_measured_version(state=state)
            shown = text_of(admin_page.get(version.get_absolute_url()))
            assert reverse("scoring:promote", args=[version.number]) in shown
            assert words in shown

    def test_who_may_not_promote_is_not_offered_it(self, page):
        version = make_measured_version(state="challenger")
        shown = text_of(page.get(version.get_absolute_url()))
        assert reverse("scoring:promote", args=[version.number]) not in shown

    def test_it_leads_to_review_cuts_and_the_one_in_use(self, page):
        champion, version = make_version(), make_measured_version(state="challenger")
        shown = text_of(page.get(version.get_absolute_url()))
        assert reverse("scoring:model_review", args=[version.number]) in shown
        assert reverse("scoring:model_thresholds", args=[version.number]) in shown
        assert f"?a={champion.number}&amp;b={version.number}" in shown
        assert "Compare with the one in use" not in text_of(page.get(champion.get_absolute_url()))

    def test_plots_have_a_name_a_description_and_a_table(self, page):
        shown = text_of(page.get(make_version_with_rows().get_absolute_url()))
        for name in ("reliability", "pr"):
            assert f'aria-labelledby="{name}-name {name}-told"' in shown
            assert re.search(rf'<desc id="{name}-told">[^<]*\d+ %', shown)
        assert shown.count("The same as a table") == 2

    def test_numbers_in_attributes_keep_the_point_in_portuguese(self, page):
        version = make_version_with_rows()
        page.post(reverse("set_language"), {"language": "pt-br"})
        shown = text_of(page.get(version.get_absolute_url()))
        assert "0,710" in shown
        assert not re.search(r'(?:transform|[xy][12]?|d|width)="[^"]*\d,\d', shown)

    @pytest.mark.parametrize("promotions", [1, 3])
    def test_the_number_of_queries_does_not_grow(
        self, page, administrator, promotions, django_assert_num_queries
    ):
        version = make_version_with_rows(verdict=VERDICT)
        for _ in range(promotions):
            Promotion.objects.create(version=version, by=administrator, reason="x")
        # session, user, version, further check, champion, permissions of the person and of the groups,
        # promotions
        with django_assert_num_queries(10):
            page.get(version.get_absolute_url())


class TestFrame:
    def test_no_page_of_a_model_has_inline_style_or_script(self, admin_page):
        version, _people, _job = make_version_to_review(verdict=VERDICT)
        other = make_version_with_rows(state="retired")
        for address in (
            LIST,
            version.get_absolute_url(),
            reverse("scoring:model_review", args=[version.number]),
            reverse("scoring:model_thresholds", args=[version.number]),
            f"{reverse('scoring:model_compare')}?a={version.number}&b={other.number}",
        ):
            response = admin_page.get(address)
            assert response.status_code == 200
            assert_no_inline_code(response)

    def test_figures_of_tests_have_the_layout_of_training(self):
        from tests.scoring.trained import result

        made = result().evaluation.to_json()
        assert set(METRICS) - {"accept"} <= set(made)
        assert {line["by"] for line in METRICS["slices"]} <= {line["by"] for line in made["slices"]}
        assert set(CARD["windows"][0]) == {"name", "start", "end", "rows", "hires", "jobs"}

    def test_a_name_is_escaped_wherever_a_version_names_it(self, page):
        version = make_measured_version(card=CARD | {"intended_use": "<b>x</b>"})
        assert "<b>x" not in text_of(page.get(version.get_absolute_url()))
        assert ModelVersion.objects.count() == 1
