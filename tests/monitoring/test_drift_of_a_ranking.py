import pytest
from django.utils import timezone

from monitoring import services
from scoring import ranking, training
from scoring.models import Prediction
from tests.scoring.company import make_company


@pytest.mark.django_db
def test_a_trained_model_and_what_it_ranks_are_judged(settings):
    settings.DRIFT_MINIMUM = 5
    job = make_company()[0]
    run, _ = training.request_training()
    version = training.run(run)
    asked = ranking.request_ranking(job)
    ranking.run(asked)

    (report,) = services.run_drift(timezone.localdate())

    applied = Prediction.objects.filter(group="prospect").count()
    assert report.model_version == version
    assert (report.predictions, report.enough) == (applied, True)
    assert applied < Prediction.objects.count()
    assert {"tem_email", "salario_valor", "score"} <= set(version.baseline.stats)
    # Eight people against hundreds: rates may move, but nothing that the model saw has vanished
    assert not report.alerts.filter(kind="missing").exists()
