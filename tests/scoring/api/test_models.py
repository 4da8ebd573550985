import pytest

from scoring.models import Promotion, TrainingRun
from tests.factories import make_version
from tests.scoring.api.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin_api(administrator):
    return client_of(administrator)


class TestModels:
    def test_one_is_read_with_everything_that_is_known_of_it(self, api, version, recruiter):
        card = {"fairness": {"rows": 7}, "libraries": {"python": "3.11"}}
        type(version).objects.filter(pk=version.pk).update(card=card, verdict={"passed": True, "checks": []})
        before = make_version(state="retired", number=2)
        Promotion.objects.create(version=version, replaced=before, by=recruiter, reason="better")
        answer = api.get(f"/api/v1/models/{version.number}").json()
        assert answer["features"] == version.feature_names
        assert (answer["fairness"], answer["card"]) == ({"rows": 7}, {"libraries": {"python": "3.11"}})
        assert answer["verdict"]["passed"] is True
        assert answer["evidence"]["verdict"] == "strong"
        (promotion,) = answer["promotions"]
        assert (promotion["replaced"], promotion["reason"]) == (2, "better")
        assert "recruiter" not in repr(answer)

    def test_one_that_is_not_there_is_404(self, api, version):
        assert api.get("/api/v1/models/99999").status_code == 404

    def test_the_list_is_filtered_and_its_fields_are_chosen(self, api, version):
        make_version(recipe="prec80", number=3)
        rows = api.get("/api/v1/models", {"recipe": "prec80", "fields": "number,state"}).json()["results"]
        assert rows == [{"number": 3, "state": "champion"}]
        assert api.get("/api/v1/models", {"state": "retired"}).json()["results"] == []

    def test_promotions_are_listed(self, api, version):
        made = Promotion.objects.create(version=version, reason="first", overruled=True)
        (row,) = api.get("/api/v1/promotions", {"recipe": "peneira"}).json()["results"]
        assert (row["id"], row["model_version"], row["replaced"]) == (made.pk, version.number, None)
        assert row["overruled"] is True
        assert api.get("/api/v1/promotions", {"model_version": 1}).json()["results"] == []


class TestTrainingRuns:
    @pytest.mark.parametrize("address", ["/api/v1/training-runs", "/api/v1/train"])
    def test_an_administrator_asks_for_one(self, admin_api, administrator, address):
        response = admin_api.post(address, {"recipe": "prec80"}, format="json")
        run = TrainingRun.objects.get()
        assert (response.status_code, response.json()["created"]) == (202, True)
        assert (run.recipe, run.requested_by) == ("prec80", administrator)
        assert response["Location"].endswith(f"/api/v1/training-runs/{run.pk}")
        again = admin_api.post(address, {"recipe": "prec80"}, format="json").json()
        assert (again["id"], again["created"]) == (run.pk, False)

    @pytest.mark.parametrize("address", ["/api/v1/training-runs", "/api/v1/train"])
    def test_a_recruiter_may_not(self, api, address):
        assert api.post(address, {}, format="json").status_code == 403
        assert not TrainingRun.objects.exists()

    def test_they_are_listed_with_the_version_they_made(self, api):
        done = TrainingRun.objects.create(state="done")
        version = make_version(training_run=done)
        TrainingRun.objects.create(state="failed", recipe="prec80")
        rows = api.get("/api/v1/training-runs").json()["results"]
        assert [row["model"] for row in rows] == [None, version.number]
        (row,) = api.get("/api/v1/training-runs", {"state": "done"}).json()["results"]
        assert row["id"] == done.pk

    def test_an_unknown_field_is_refused(self, admin_api):
        response = admin_api.post("/api/v1/training-runs", {"recip": "prec80"}, format="json")
        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "recip")
