import pytest
from django.urls import reverse

from candidates.models import RunState
from scoring.models import TrainingRun
from tests.factories import make_version
from tests.pages import text_of

FRAGMENT = {"HX-Request": "true"}


class TestTraining:
    def test_an_administrator_starts_a_run_and_is_led_to_it(self, admin_page, administrator):
        response = admin_page.post(reverse("scoring:train"), {"recipe": "peneira", "label_policy": ""})
        run = TrainingRun.objects.get()
        assert response.headers["Location"] == run.get_absolute_url()
        assert run.requested_by == administrator

    def test_two_clicks_make_one_run(self, admin_page):
        for _ in range(2):
            response = admin_page.post(reverse("scoring:train"), {"recipe": "peneira"}, follow=True)
        assert TrainingRun.objects.count() == 1
        assert "is being trained already" in text_of(response)

    @pytest.mark.parametrize("data", [{}, {"recipe": "nonsense"}, {"recipe": "peneira", "label_policy": "x"}])
    def test_a_wrong_request_starts_nothing_and_says_so(self, admin_page, data):
        response = admin_page.post(reverse("scoring:train"), data, follow=True)
        assert "could not be started" in text_of(response)
        assert not TrainingRun.objects.exists()

    def test_a_running_one_polls(self, page):
        run = TrainingRun.objects.create(state=RunState.RUNNING, progress=0.25, step="Reading outcomes")
        shown = text_of(page.get(run.get_absolute_url()))
        assert f'hx-get="{run.get_absolute_url()}" hx-trigger="every 2s"' in shown
        part = page.get(run.get_absolute_url(), headers=FRAGMENT)
        assert part.status_code == 200
        assert text_of(part).lstrip().startswith('<section id="run"')
        assert "25 %" in text_of(part)

    def test_the_end_stops_polling_and_leads_to_the_model(self, page):
        run = TrainingRun.objects.create(state=RunState.DONE, progress=1.0)
        version = make_version(training_run=run)
        part = page.get(run.get_absolute_url(), headers=FRAGMENT)
        assert part.status_code == 286
        assert "hx-trigger" not in text_of(part)
        assert version.get_absolute_url() in text_of(part)

    def test_a_failure_is_a_sentence(self, page):
        run = TrainingRun.objects.create(state=RunState.FAILED, error="No outcome is a hire.")
        shown = text_of(page.get(run.get_absolute_url()))
        assert "No outcome is a hire." in shown
        assert 'role="alert"' in shown
