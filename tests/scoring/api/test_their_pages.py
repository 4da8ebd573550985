import pytest

from scoring.models import Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_stub

pytestmark = pytest.mark.django_db


def test_the_pages_show_what_was_asked_on_demand(api, page, version):
    prospect = make_prospect(job=make_job(), candidate=make_candidate())
    job, code, stub = prospect.job.code, prospect.candidate.code, make_stub().code
    for address, body in (
        ("predict/smart", {"job": job, "candidate": code}),
        ("predict/smart", {"job": job, "candidate": stub}),
        ("predict/smart", {"job": job, "candidate": "unknown"}),
        ("predict/full", {"features": {"cv_sap": 1}}),
        ("rank", {"job": job, "candidates": [code, stub]}),
    ):
        assert api.post(f"/api/v1/{address}", body, format="json").status_code == 200
    for row in Prediction.objects.all():
        assert page.get(f"/scoring/predictions/{row.pk}/").status_code == 200
    unknown = Prediction.objects.get(candidate_code="unknown")
    told = page.get(f"/scoring/predictions/{unknown.pk}/").content.decode()
    assert "the candidate is not known here. A person has to look." in told
    asked = Prediction.objects.get(candidate=None, candidate_code="")
    assert f"/api/v1/predictions/{asked.pk}" in page.get(f"/scoring/predictions/{asked.pk}/").content.decode()
    for person in (code, stub):
        assert page.get(f"/scoring/candidates/{person}/").status_code == 200
        assert page.get(f"/candidates/{person}/").status_code == 200
    assert page.get(f"/jobs/{job}/").status_code == 200
