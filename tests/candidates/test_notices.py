import datetime

import pytest
from django.utils import timezone, translation

from candidates import notices, viewing
from candidates.models import Notification, ReviewPolicy
from tests.factories import make_candidate, make_user

pytestmark = pytest.mark.django_db
MESSAGE = "%(count)s candidates"


@pytest.fixture
def reader(recruiter):
    return recruiter


def test_a_notice_is_told_once_until_it_is_read(reader):
    notices.notify(reader, kind="search", message=MESSAGE, params={"count": 2}, url="/x/")
    notices.notify(reader, kind="search", message=MESSAGE, params={"count": 3}, url="/x/")
    assert [one.text for one in notices.notices(reader)] == ["3 candidates"]
    assert notices.unread(reader) == 1

    assert notices.mark_read(reader) == 1
    notices.notify(reader, kind="search", message=MESSAGE, params={"count": 4}, url="/x/")
    assert [(one.text, one.is_new) for one in notices.notices(reader)] == [
        ("4 candidates", True),
        ("3 candidates", False),
    ]


def test_it_is_in_the_readers_language(reader):
    notices.notify(reader, kind="x", message="Candidates")
    with translation.override("pt-br"):
        assert notices.notices(reader)[0].text == "Candidatos"


def test_a_parameter_that_is_missing_does_not_break_the_page(reader):
    notices.notify(reader, kind="x", message=MESSAGE)
    assert notices.notices(reader)[0].text == MESSAGE


def test_whom_it_is_about_stays_hidden_under_blind_review(reader):
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)
    notices.notify(reader, kind="x", message="Candidates", candidate=make_candidate(name="Ana Marcante"))
    with viewing.seen_by(viewing.as_user(reader)):
        (notice,) = notices.notices(reader)
    assert notice.about.hides_identity
    assert "Ana" not in str(notice.about)


def test_of_whom_the_reader_may_not_see_nothing_is_told(reader):
    manager = make_user("manager", "Hiring managers")
    notices.notify(manager, kind="x", message="Candidates", candidate=make_candidate())
    with viewing.seen_by(viewing.as_user(manager)):
        assert notices.notices(manager) == []


def test_old_ones_are_forgotten(reader):
    notices.notify(reader, kind="old", message="Candidates")
    Notification.objects.update(created_at=timezone.now() - datetime.timedelta(days=91))
    notices.notify(reader, kind="new", message="Candidates")
    assert notices.forget_old() == 1
    assert [one.stored.kind for one in notices.notices(reader)] == ["new"]


def test_one_reads_only_ones_own(reader, administrator):
    notices.notify(administrator, kind="x", message="Candidates")
    assert notices.notices(reader) == []
    assert notices.mark_read(reader, [Notification.objects.get().pk]) == 0
