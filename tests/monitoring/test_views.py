import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring.models import DriftAlert, DriftReport
from scoring.models import Prediction
from tests.factories import make_candidate, make_version
from tests.pages import assert_no_inline_code, text_of

pytestmark = pytest.mark.django_db
DRIFT, RUN = reverse("monitoring:drift"), reverse("monitoring:run_drift")
DAY = datetime.date(2026, 3, 9)


def make_report(*, day=DAY, hours=None, alerts=(), **values):
    hours = hours or {}
    values = {"predictions": sum(hours.values()), "mean_score": 0.25, "enough": True, "minimum": 30} | values
    hourly = [
        {"hour": n, "count": hours.get(n, 0), "mean_score": 0.25 if n in hours else None} for n in range(24)
    ]
    values.setdefault("model_version", None)
    version = values.pop("model_version") or make_version(state="retired")
    report = DriftReport.objects.create(day=day, model_version=version, hourly=hourly, **values)
    DriftAlert.objects.bulk_create(DriftAlert(report=report, **alert) for alert in alerts)
    return report


def alert(feature, kind, baseline, current, distance, limit):
    return {
        "feature": feature,
        "kind": kind,
        "baseline": baseline,
        "current": current,
        "distance": distance,
        "limit": limit,
    }


class TestDrift:
    def test_it_asks_a_stranger_to_sign_in(self, client):
        assert client.get(DRIFT).status_code == 302

    def test_it_refuses_post(self, page):
        assert page.post(DRIFT).status_code == 405

    def test_without_a_report_it_names_the_command(self, page):
        html = text_of(page.get(DRIFT, {"day": "2026-03-09"}))
        assert "No report for March 9, 2026 yet" in html
        assert "manage.py drift --day 2026-03-09" in html

    def test_without_any_report_it_shows_yesterday(self, page):
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        assert page.get(DRIFT).context["day"] == yesterday

    def test_it_opens_at_the_latest_report(self, page):
        make_report(day=DAY - datetime.timedelta(days=3))
        make_report(day=DAY, hours={9: 40})
        assert page.get(DRIFT).context["day"] == DAY

    def test_a_day_can_be_picked(self, page):
        make_report()
        early = make_report(day=datetime.date(2026, 1, 2), hours={1: 31})
        assert list(page.get(early.get_absolute_url()).context["reports"]) == [early]

    @pytest.mark.parametrize("day", ["yesterday", "2026-13-40", ""])
    def test_a_day_that_is_none_is_said(self, page, day):
        make_report()
        response = page.get(DRIFT, {"day": day})
        assert response.status_code == 200
        assert 'class="errorlist"' in text_of(response)

    def test_a_day_to_come_is_said(self, page):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        assert "has not come yet" in text_of(page.get(DRIFT, {"day": tomorrow.isoformat()}))

    def test_every_version_of_the_day_has_its_report(self, page):
        versions = {make_report(hours={9: 40}).model_version, make_report(hours={9: 50}).model_version}
        html = text_of(page.get(DRIFT))
        assert all(f"Model {version} on March 9, 2026" in html for version in versions)

    def test_volume_is_drawn_and_stands_in_a_table_too(self, page):
        make_report(hours={9: 40, 14: 1200})
        html = text_of(page.get(DRIFT))
        assert html.count('<rect class="column"') == 2
        assert (
            '<th scope="row" class="num">14 h</th><td class="num">1,200</td><td class="num">0.250</td>'
            in html
        )
        assert "1,240" in html

    def test_the_tallest_column_stays_inside_the_chart(self, page):
        make_report(hours={n: 10**n for n in range(7)})
        html = text_of(page.get(DRIFT))
        heights = [float(part.split('"')[0]) for part in html.split(' height="')[1:]]
        assert max(heights) == 150 - 22 - 18

    def test_numbers_of_the_chart_have_points_in_every_language(self, page):
        make_report(hours={9: 40, 10: 7})
        html = text_of(page.get(DRIFT, headers={"Accept-Language": "pt-br"}))
        drawing = html[
            html.index('<svg class="chart"') : html.index("</svg>", html.index('<svg class="chart"'))
        ]
        assert ' y="' in drawing
        assert "," not in drawing.replace("aria-label", "").split(">", 1)[1]

    def test_alerts_speak_in_words(self, page):
        make_report(
            hours={9: 40},
            alerts=[
                alert("tem_linkedin", "rate", 0.22, 0.81, 0.59, 0.15),
                alert("salario_valor", "mean", 5400.0, 1200.0, 3.4, 3.0),
                alert("cert_sap_fi", "missing", 0.02, 1.0, 0.98, None),
                alert("score", "mean", 0.061, 0.44, 3.1, 3.0),
            ],
        )
        html = text_of(page.get(DRIFT))
        for wanted in (
            *("4 alerts", "Gives a LinkedIn address", "22 %", "81 %", "59 points", "limit 15", "more often"),
            *("Salary wish", "R$ 5,400", "R$ 1,200", "3.4 standard deviations", "limit 3", "Far lower"),
            *("Certificate: SAP FI", "No prediction of the day has a value", "2 % missing", "98 points"),
            *("Score", "0.061", "0.440", "Far higher"),
        ):
            assert wanted in html

    def test_a_feature_without_a_label_is_shown_by_its_name(self, page):
        make_report(hours={9: 40}, alerts=[alert("new_feature", "rate", 0.1, 0.9, 0.8, 0.15)])
        assert "new_feature" in text_of(page.get(DRIFT))

    @pytest.mark.parametrize(
        ("values", "wanted"),
        [
            ({"hours": {9: 40}}, "No drift"),
            ({"hours": {9: 4}, "enough": False}, "Too few to judge: 30 predictions of a day are needed."),
            ({"hours": {9: 40}, "enough": False}, "nothing to compare the day with"),
            ({"hours": {}, "enough": False, "mean_score": None}, "Too few to judge"),
        ],
    )
    def test_the_verdict_is_one_of_four(self, page, values, wanted):
        make_report(**values)
        assert wanted in text_of(page.get(DRIFT))

    def test_only_administrators_see_the_button(self, page, administrator, client):
        assert RUN not in text_of(page.get(DRIFT))
        client.force_login(administrator)
        assert RUN in text_of(client.get(DRIFT))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_is_constant(self, page, rows, django_assert_num_queries):
        for _ in range(rows):
            make_report(hours={9: 40}, alerts=[alert("tem_email", "rate", 0.1, 0.9, 0.8, 0.15)])
        page.get(DRIFT)
        # person, his rights (two), latest reports, the day's reports, their alerts
        with django_assert_num_queries(8):
            page.get(DRIFT)

    def test_it_has_no_inline_code(self, page):
        make_report(hours={9: 40}, alerts=[alert("tem_email", "rate", 0.1, 0.9, 0.8, 0.15)])
        assert_no_inline_code(page.get(DRIFT))


class TestRun:
    def test_recruiters_may_not(self, page):
        assert page.post(RUN, {"day": "2026-03-09"}).status_code == 403

    def test_it_refuses_get(self, admin_page):
        assert admin_page.get(RUN).status_code == 405

    def test_it_judges_the_day_and_shows_it(self, admin_page):
        version, day = make_version(), timezone.localdate()
        Prediction.objects.create(
            candidate=make_candidate(), model_version=version, score=0.3, threshold=0.5,
            operating_mode="prec80", source=Prediction.Source.API,
        )  # fmt: skip
        response = admin_page.post(RUN, {"day": day.isoformat()}, follow=True)
        assert response.redirect_chain[0][0] == f"{DRIFT}?day={day.isoformat()}"
        assert "The day was judged." in text_of(response)
        assert DriftReport.objects.get().predictions == 1

    def test_a_day_without_predictions_is_said(self, admin_page):
        response = admin_page.post(RUN, {"day": "2026-03-09"}, follow=True)
        assert "No prediction was served on that day" in text_of(response)

    @pytest.mark.parametrize("day", ["", "x", "2999-01-01"])
    def test_a_day_that_cannot_be_judged_is_said(self, admin_page, day):
        response = admin_page.post(RUN, {"day": day}, follow=True)
        assert response.status_code == 200
        assert "alert-bad" in text_of(response)
        assert not DriftReport.objects.exists()

    def test_a_baseline_that_cannot_be_read_is_said(self, admin_page, monkeypatch):
        def unreadable(day):
            raise ValueError("The baseline of tem_email has no kind.")

        monkeypatch.setattr("monitoring.services.run_drift", unreadable)
        response = admin_page.post(RUN, {"day": "2026-03-09"}, follow=True)
        assert "The baseline of tem_email has no kind." in text_of(response)
