import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from jobs.models import StageChange
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db


def test_a_stage_change_cannot_be_rewritten():
    change = StageChange.objects.create(prospect=make_prospect(), to_stage="offer")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        StageChange.objects.filter(pk=change.pk).update(to_stage="hired")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change.delete()

    assert StageChange.objects.get().to_stage == "offer"


def test_who_moved_somebody_is_not_deleted(recruiter):
    StageChange.objects.create(prospect=make_prospect(), to_stage="offer", changed_by=recruiter)

    with pytest.raises(ProtectedError):
        recruiter.delete()
