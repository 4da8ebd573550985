import pytest
from django.db.models import Count, F, Max, Q, Value
from django.db.models.functions import Concat, Length, Upper

from candidates import viewing
from candidates.guarding import IdentityAsked
from candidates.models import AccessEvent, Candidate, Note, Profile, ReviewPolicy
from candidates.veiling import HiddenFields, candidate_of, pseudonym, token
from jobs.models import Job, JobMember, Prospect
from scoring.models import Prediction
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db


def seen_by(user):
    return viewing.seen_by(viewing.as_user(user))


@pytest.fixture
def blind(db):
    """A prospect of a blind job."""
    person = make_candidate(
        code="77001", name="Quitéria Zambujal", email="quiteria@example.com", phone="8133334444"
    )
    return make_prospect(job=make_job(blind=True), candidate=person)


# Asking past the veil


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Candidate.objects.values_list("name", flat=True),
        lambda: Candidate.objects.values("pk", "email"),
        lambda: Candidate.objects.values(),
        lambda: Prospect.objects.values_list("candidate__name"),
        lambda: Prediction.objects.values_list("candidate__code"),
        lambda: list(Candidate.objects.annotate(shown=F("name"))),
        lambda: list(Candidate.objects.annotate(shown=Upper("name")).only("pk")),
        lambda: list(Prospect.objects.annotate(shown=Concat("candidate__name", Value("!")))),
        lambda: list(Candidate.objects.values_list(Upper("name"))),
        lambda: list(Candidate.objects.annotate(shown=F("name")).iterator()),
        lambda: Candidate.objects.annotate(shown=F("name")).first(),
        lambda: Candidate.objects.aggregate(Max("name")),
        lambda: list(Prospect.objects.annotate(shown=Candidate.everyone.values("name")[:1])),
    ],
)
def test_identity_is_given_in_objects_alone(ask, recruiter):
    with seen_by(recruiter), pytest.raises(IdentityAsked):
        ask()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: list(Candidate.objects.values_list("pk", "city")),
        lambda: list(Candidate.objects.annotate(length=Length("name"), known=~Q(cv_text=""))),
        lambda: list(Candidate.objects.alias(order=Upper("name")).order_by("order")),
        lambda: Candidate.objects.aggregate(Count("name"), Max("updated_at")),
        lambda: list(Candidate.objects.matching("java")),
        lambda: list(Candidate.objects.for_list()),
    ],
)
def test_what_tells_nobody_may_be_asked(ask, recruiter):
    with seen_by(recruiter):
        ask()


def test_commands_and_workers_may_ask_all(blind):
    assert list(Candidate.objects.values_list("name", flat=True)) == ["Quitéria Zambujal"]


# Being found


@pytest.mark.parametrize(
    "wanted",
    [
        Q(name="Quitéria Zambujal"),
        Q(name__icontains="zambu"),
        Q(code="77001"),
        Q(code__in=["77001"]),
        Q(email__startswith="quiteria"),
        Q(phone="8133334444"),
        Q(name__icontains="zambu") | Q(headline="nothing like it"),
        Q(Q(city="Recife") & Q(name__gt="Q")),
    ],
)
def test_who_is_hidden_is_found_by_no_field_that_tells(wanted, blind, recruiter):
    assert Candidate.objects.filter(wanted).exists()
    with seen_by(recruiter):
        assert not Candidate.objects.filter(wanted).exists()
        assert not Candidate.objects.coded("77001").exists()
        assert Candidate.objects.filter(~wanted).exists(), "what is not known is not denied either"


def test_neither_through_other_rows(blind, recruiter):
    with seen_by(recruiter):
        assert not Prospect.objects.filter(candidate__name__icontains="zambu").exists()
        assert not Prospect.objects.filter(candidate__code="77001").exists()
        assert not Job.objects.filter(prospects__candidate__email="quiteria@example.com").exists()


def test_but_by_what_does_not_tell(blind, recruiter):
    with seen_by(recruiter):
        assert Candidate.objects.filter(Q(name__icontains="zambu") | Q(city="Recife")).exists()
        assert Candidate.objects.filter(headline__icontains="java").exists()


def test_another_system_finds_its_own_code_and_gets_none_back(blind):
    other = make_user("system", "Integrations")
    with seen_by(other):
        found = Candidate.objects.coded("77001").get()
    assert found.code == token(blind.candidate_id)
    assert "Zambujal" not in str(found)


def test_others_are_found_as_ever(blind, recruiter):
    other = make_candidate(name="Anselmo Zambujal", code="77002")
    with seen_by(recruiter):
        assert list(Candidate.objects.filter(name__icontains="zambu")) == [other]
        assert Candidate.objects.coded("77002").get() == other


def test_the_place_in_an_order_by_name_tells_nothing(blind, recruiter):
    early, late = make_candidate(name="Ana"), make_candidate(name="Zulmira")
    with seen_by(recruiter):
        assert list(Candidate.objects.order_by("name", "pk")) == [blind.candidate, early, late]
        assert list(Candidate.objects.order_by("-name", "pk")) == [late, early, blind.candidate]
        assert list(Prospect.objects.order_by("candidate__name")) == [blind]


# Rows asked for before anybody looked


MADE_AT_IMPORT = Candidate.objects.order_by("pk")


def test_rows_asked_for_in_the_body_of_a_class_are_those_of_who_looks_later(blind):
    manager = make_user("manager", "Hiring managers")
    mine = make_prospect(job=make_job())
    JobMember.objects.create(job=mine.job, user=manager, part="hiring_manager")
    with seen_by(manager):
        assert list(MADE_AT_IMPORT.all()) == [mine.candidate]
    assert MADE_AT_IMPORT.count() == 2


# Storing what was hidden


def test_no_way_of_saving_writes_a_mask_over_a_person(blind, recruiter):
    with seen_by(recruiter):
        person = Candidate.objects.get(pk=blind.candidate_id)
        person.city = "Olinda"
        person.save(update_fields=["city"])
        with pytest.raises(HiddenFields):
            person.save()
        with pytest.raises(HiddenFields):
            person.save(update_fields=["name"])
        with pytest.raises(HiddenFields):
            Candidate.objects.bulk_update([person], ["name"])
    stored = Candidate.objects.get(pk=person.pk)
    assert (stored.name, stored.city) == ("Quitéria Zambujal", "Olinda")


def test_an_object_read_again_keeps_in_mind_that_it_is_masked(blind, recruiter):
    person = blind.candidate
    with seen_by(recruiter):
        person.refresh_from_db()
        assert person.hides_identity
        assert person.name == pseudonym(person.pk)
        with pytest.raises(HiddenFields):
            person.save()


def test_a_field_read_late_is_masked_too(blind, recruiter):
    with seen_by(recruiter):
        person = Candidate.objects.only("city").get(pk=blind.candidate_id)
        assert "Zambujal" not in person.name
        assert person.email == ""
        with pytest.raises(HiddenFields):
            person.save()


# Pseudonyms


def test_a_pseudonym_is_stable_in_a_job_and_another_in_the_next(blind):
    one, other = blind.job_id, make_job().pk
    assert pseudonym(blind.candidate_id, job_id=one) == pseudonym(blind.candidate_id, job_id=one)
    assert pseudonym(blind.candidate_id, job_id=one) != pseudonym(blind.candidate_id, job_id=other)
    assert candidate_of(token(blind.candidate_id, job_id=one)) == blind.candidate_id
    assert len({pseudonym(number, job_id=one) for number in range(1, 3000)}) == 2999


def test_who_was_followed_from_a_job_keeps_its_pseudonym(blind, recruiter):
    of_job = token(blind.candidate_id, job_id=blind.job_id)
    with seen_by(recruiter):
        person = Candidate.objects.coded(of_job).get()
        assert person.name == pseudonym(blind.candidate_id, job_id=blind.job_id)
        assert person.code == of_job
    with seen_by(recruiter):
        assert Candidate.objects.coded(token(blind.candidate_id)).get().name == pseudonym(blind.candidate_id)


@pytest.mark.parametrize(
    "wrong", ["", "~", "~1-", "~-A", "~999999999999999999999-A", "~é", "~1-" + "Z" * 16, "~A-B-C", "\0"]
)
def test_what_is_no_token_is_nobody(wrong):
    assert candidate_of(wrong) is None


# Revealing


def test_who_asked_sees_and_the_others_do_not(blind, recruiter, administrator):
    AccessEvent.objects.create(kind="reveal", user=recruiter, candidate=blind.candidate, reason="interview")
    with seen_by(recruiter):
        assert Candidate.objects.get().name == "Quitéria Zambujal"
    with seen_by(administrator):
        assert "Zambujal" not in Candidate.objects.get().name


def test_a_stage_that_was_reached_shows(blind, recruiter):
    Prospect.objects.filter(pk=blind.pk).update(stage="technical_interview")
    with seen_by(recruiter):
        assert Candidate.objects.get().name == "Quitéria Zambujal"
    Job.objects.update(reveal_stage="offer")
    with seen_by(recruiter):
        assert "Zambujal" not in Candidate.objects.get().name


def test_everybody_can_be_hidden_also_who_stands_in_no_job(recruiter):
    make_candidate(name="Quitéria Zambujal", code="77001")
    ReviewPolicy.objects.create(pk=1, blind_for_all=True)
    with seen_by(recruiter):
        assert "Zambujal" not in Candidate.objects.get().name
        assert not Candidate.objects.filter(name__icontains="zambu").exists()


def test_what_others_wrote_is_redacted(blind, recruiter):
    Note.objects.create(
        candidate=blind.candidate, text="Falei com Quitéria: (81) 99999-8888", author=recruiter
    )
    Profile.objects.create(
        candidate=blind.candidate, extractor="x", version="1", evidence={"java": "Zambujal: Java"}
    )
    with seen_by(recruiter):
        assert Note.objects.get().text == "Falei com █████: █████"
        assert Profile.objects.get().evidence == {"java": "█████: Java"}


def test_looking_costs_few_questions(blind, recruiter, django_assert_max_num_queries):
    make_candidate()
    with django_assert_max_num_queries(10), seen_by(recruiter):  # the people, the role, and who is hidden
        list(Candidate.objects.all())


def test_when_nothing_is_hidden_looking_costs_four_questions(recruiter, django_assert_max_num_queries):
    make_prospect()
    with django_assert_max_num_queries(1 + 4), seen_by(recruiter):
        list(Candidate.objects.all())
        list(Prospect.objects.none())


@pytest.mark.parametrize("number", [1, 5])
def test_redacting_what_is_told_of_many_asks_their_names_once(
    number, recruiter, django_assert_max_num_queries
):
    job = make_job(blind=True)
    for _one in range(number):
        make_prospect(job=job, comment="Zoraide ligou", candidate=make_candidate(name="Zoraide Lima"))
    with django_assert_max_num_queries(11), seen_by(recruiter):
        viewing.in_job(job.pk)
        assert {one.comment for one in Prospect.objects.all()} == {"█████ ligou"}
