import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.urls import reverse

from candidates.models import AccessEvent, Notification, ReviewPolicy
from candidates.veiling import token
from jobs.models import Job, JobMember
from tests.factories import make_candidate, make_job, make_prospect, make_user

pytestmark = pytest.mark.django_db

NAME = "Quitéria Zambujal"


def user_of(group, name=""):
    return make_user(name or group.lower().replace(" ", ""), group)


@pytest.fixture
def blind(db):
    return make_prospect(job=make_job(blind=True), candidate=make_candidate(code="77001", name=NAME))


def reveal_url(prospect):
    return reverse("candidates:reveal", args=[token(prospect.candidate_id)])


class TestRevealing:
    def test_with_a_reason_one_sees_who_it_is_and_it_is_on_record(self, page, blind, recruiter):
        assert (
            NAME
            not in page.get(
                reverse("candidates:candidate_detail", args=[token(blind.candidate_id)])
            ).content.decode()
        )

        answer = page.post(reveal_url(blind), {"reason": "Invited to an interview", "job": blind.job.code})

        assert answer.url == "/candidates/77001/"
        assert NAME in page.get(answer.url).content.decode()
        event = AccessEvent.objects.get()
        assert (event.kind, event.user, event.candidate, event.reason, event.job_code) == (
            "reveal", recruiter, blind.candidate, "Invited to an interview", blind.job.code
        )  # fmt: skip

    @pytest.mark.parametrize("reason", ["", "    ", "abcd", "x" * 301])
    def test_without_a_reason_nobody_is_revealed(self, page, blind, reason):
        answer = page.post(reveal_url(blind), {"reason": reason})
        assert answer.status_code == 400
        assert 'aria-invalid="true"' in answer.content.decode()
        assert not AccessEvent.objects.exists()
        assert NAME not in answer.content.decode()

    def test_the_page_says_what_will_happen(self, page, blind):
        shown = page.get(reveal_url(blind)).content.decode()
        assert "access log" in shown
        assert NAME not in shown
        assert "77001" not in shown

    def test_afterwards_one_goes_where_one_was_and_nowhere_else(self, page, blind):
        for wanted, went in [("/jobs/", "/jobs/"), ("https://example.org/", "/candidates/77001/")]:
            answer = page.post(reveal_url(blind), {"reason": "Invited to an interview", "next": wanted})
            assert answer.url == went

    def test_who_is_not_hidden_leaves_no_record(self, page):
        person = make_candidate()
        assert page.get(reverse("candidates:reveal", args=[person.code])).url == person.get_absolute_url()
        page.post(reverse("candidates:reveal", args=[person.code]), {"reason": "Just to see"})
        assert not AccessEvent.objects.exists()

    def test_revealed_to_one_is_not_revealed_to_another(self, client, page, blind, administrator):
        page.post(reveal_url(blind), {"reason": "Invited to an interview"})
        client.force_login(administrator)
        assert NAME not in client.get("/candidates/").content.decode()

    @pytest.mark.parametrize("group", ["Hiring managers", "Auditors", "Integrations"])
    def test_others_may_not(self, client, blind, group):
        user = user_of(group)
        JobMember.objects.create(job=blind.job, user=user, part="hiring_manager")
        client.force_login(user)
        assert client.post(reveal_url(blind), {"reason": "I would like to"}).status_code == 403
        assert not AccessEvent.objects.exists()

    def test_nobody_takes_an_entry_back(self, page, blind):
        page.post(reveal_url(blind), {"reason": "Invited to an interview"})
        for change in (AccessEvent.objects.all().delete, lambda: AccessEvent.objects.update(reason="")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestLog:
    def test_it_says_who_did_what_when_and_why_and_names_nobody(self, client, page, blind):
        page.post(reveal_url(blind), {"reason": "Quitéria was invited"})
        client.force_login(user_of("Auditors"))
        shown = client.get(reverse("candidates:access_log")).content.decode()
        for told in ("recruiter", "identity revealed", "█████ was invited", "1</strong> entry"):
            assert told in shown
        for hidden in ("Quitéria", "Zambujal", "77001"):
            assert hidden not in shown

    def test_filters_and_pages(self, client, administrator, django_assert_max_num_queries):
        for number in range(60):
            AccessEvent.objects.create(
                kind="export",
                user=administrator,
                details={"rows": number, "columns": ["a"], "filters": {"q": "Quitéria"}},
            )
        AccessEvent.objects.create(
            kind="reveal", user=user_of("Recruiters", "rita"), candidate=make_candidate(), reason="why not"
        )
        client.force_login(user_of("Auditors"))
        url = reverse("candidates:access_log")
        assert client.get(url, {"kind": "reveal"}).context["page"].paginator.count == 1
        assert client.get(url, {"user": "RITA"}).context["page"].paginator.count == 1
        assert client.get(url, {"since": "2999-01-01"}).context["page"].paginator.count == 0
        assert "No entry fits" in client.get(url, {"since": "2999-01-01"}).content.decode()
        assert client.get(url, {"since": "nonsense", "kind": "?"}).status_code == 200
        assert len(client.get(url, {"page": 2}).context["page"].object_list) == 11
        with django_assert_max_num_queries(12):
            shown = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<h1" not in shown
        assert "59 rows" in shown
        assert "Quitéria" not in shown, "what was typed into a filter may be a name"

    def test_an_empty_log_teaches(self, client):
        client.force_login(user_of("Auditors"))
        assert "Nothing is on record yet" in client.get(reverse("candidates:access_log")).content.decode()

    @pytest.mark.parametrize("group", ["Recruiters", "Hiring managers", "Integrations"])
    def test_it_is_for_administrators_and_auditors(self, client, group):
        client.force_login(user_of(group))
        answer = client.get(reverse("candidates:access_log"))
        assert answer.status_code == 403
        assert "Only administrators and auditors may open this." in answer.content.decode()


class TestPolicy:
    def test_an_administrator_makes_everybody_blind_and_it_is_on_record(self, admin_page, administrator):
        make_candidate(name=NAME, code="77001")
        url = reverse("candidates:policy")
        data = {"blind_for_all": "on", "reveal_stage": "offer", "contact_stage": "screening"}
        assert admin_page.post(url, data).status_code == 302
        policy = ReviewPolicy.current()
        assert (policy.blind_for_all, policy.reveal_stage, policy.contact_stage) == (
            True,
            "offer",
            "screening",
        )
        assert NAME not in admin_page.get("/candidates/").content.decode()
        event = AccessEvent.objects.get()
        assert event.details["blind_for_all"] == [False, True]
        log = admin_page.get(reverse("candidates:access_log")).content.decode()
        assert "blind review of everybody: from off to on" in log

        admin_page.post(url, data)
        assert AccessEvent.objects.count() == 1, "nothing was changed the second time"

    @pytest.mark.parametrize("stage", ["rejected", "", "nowhere"])
    def test_only_stages_of_the_pipeline_reveal(self, admin_page, stage):
        data = {"reveal_stage": stage, "contact_stage": "offer"}
        assert admin_page.post(reverse("candidates:policy"), data).status_code == 400
        assert not ReviewPolicy.objects.exists()

    @pytest.mark.parametrize("group", ["Recruiters", "Hiring managers"])
    def test_nobody_else_opens_it(self, client, group):
        client.force_login(user_of(group))
        assert client.get(reverse("candidates:policy")).status_code == 403

    def test_an_auditor_reads_it_and_changes_nothing(self, client):
        ReviewPolicy.objects.create(pk=1, blind_for_all=True)
        client.force_login(user_of("Auditors"))
        answer = client.get(reverse("candidates:policy"))
        assert all(field.disabled for field in answer.context["form"].fields.values())
        assert ">Save</button>" not in answer.text
        assert client.post(reverse("candidates:policy"), {"reveal_stage": "offer"}).status_code == 403


class TestTeam:
    def test_a_hiring_manager_sees_the_job_once_in_its_team(self, client, page, recruiter):
        job, manager = make_job(), user_of("Hiring managers", "helena")
        answer = page.post(
            reverse("jobs:access_add", args=[job.code]), {"user": manager.pk, "part": "hiring_manager"}
        )
        assert answer.url == reverse("jobs:access", args=[job.code])
        assert "helena" in page.get(answer.url).content.decode()
        assert Notification.objects.get().user == manager
        assert AccessEvent.objects.get().details == {"added": "helena", "part": "hiring_manager"}

        client.force_login(manager)
        assert client.get(job.get_absolute_url()).status_code == 200
        assert client.get(reverse("jobs:access", args=[job.code])).status_code == 200
        member = JobMember.objects.get()
        assert client.post(reverse("jobs:access_remove", args=[job.code, member.pk])).status_code == 403

        client.force_login(recruiter)
        client.post(reverse("jobs:access_remove", args=[job.code, member.pk]))
        client.force_login(manager)
        assert client.get(job.get_absolute_url()).status_code == 404

    def test_who_cannot_be_added_is_said(self, page):
        job, other = make_job(), user_of("Integrations")
        for user in (other.pk, "", "x", 10**9):
            answer = page.post(
                reverse("jobs:access_add", args=[job.code]), {"user": user, "part": "recruiter"}
            )
            assert answer.status_code == 400
            assert "errorlist" in answer.content.decode()

    def test_a_member_of_another_job_is_not_removed_here(self, page):
        member = JobMember.objects.create(job=make_job(), user=user_of("Recruiters", "rita"))
        answer = page.post(reverse("jobs:access_remove", args=[make_job().code, member.pk]))
        assert answer.status_code == 404
        assert JobMember.objects.exists()

    def test_a_member_without_a_role_is_marked(self, page):
        member = JobMember.objects.create(job=make_job(), user=User.objects.create_user("nobody"))
        assert "sees nothing" in page.get(reverse("jobs:access", args=[member.job.code])).content.decode()

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, page, number, django_assert_max_num_queries):
        job = make_job()
        for member in range(number):
            JobMember.objects.create(job=job, user=user_of("Recruiters", f"r{member}"))
        with django_assert_max_num_queries(14):
            page.get(reverse("jobs:access", args=[job.code]))


class TestBlindJob:
    def test_a_job_is_made_blind_and_its_people_are_hidden(self, page):
        prospect = make_prospect(candidate=make_candidate(name=NAME))
        updated = prospect.job.updated_at
        url = reverse("jobs:access_blind", args=[prospect.job.code])
        assert page.post(url, {"blind": "on", "reveal_stage": "offer"}).status_code == 302
        job = Job.objects.get()
        assert (job.blind, job.reveal_stage) == (True, "offer")
        assert job.updated_at == updated, "no ranking is stale for it"
        assert AccessEvent.objects.get().details == {"blind": [False, True], "reveal_stage": ["", "offer"]}
        assert NAME not in page.get("/candidates/").content.decode()
        assert "Offer" in page.get(reverse("jobs:access", args=[job.code])).content.decode().replace(
            "offer", "Offer"
        )

        page.post(url, {"reveal_stage": ""})
        assert NAME in page.get("/candidates/").content.decode()

    def test_a_stage_that_is_none_is_refused(self, page):
        job = make_job()
        answer = page.post(
            reverse("jobs:access_blind", args=[job.code]), {"blind": "on", "reveal_stage": "x"}
        )
        assert answer.status_code == 400
        assert not Job.objects.get().blind
