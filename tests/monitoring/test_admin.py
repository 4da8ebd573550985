import pytest
from django.urls import reverse

from monitoring import services
from monitoring.models import Baseline, DriftAlert, DriftReport
from tests.monitoring.test_services import DAY, predict, version_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_report(settings):
    settings.DRIFT_MINIMUM = 5
    predict(version_with(), features={"tem_email": 0.0})
    services.run_drift(DAY)


@pytest.mark.parametrize("model", [Baseline, DriftAlert, DriftReport])
def test_an_administrator_reads_but_cannot_write(admin_page, model):
    name = f"admin:monitoring_{model._meta.model_name}"
    row = model.objects.first()
    assert admin_page.get(reverse(f"{name}_changelist")).status_code == 200
    assert admin_page.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert admin_page.get(reverse(f"{name}_add")).status_code == 403
    assert admin_page.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert admin_page.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()
