import datetime
import json

import pytest
from django.urls import reverse

from candidates import viewing
from candidates.models import Candidate, Profile, ReviewPolicy
from candidates.veiling import token
from jobs.models import Job, JobMember, Prospect, Requirement
from scoring import matching, registry, suggesting, trying
from scoring.models import Prediction, Ranking
from tests.factories import make_candidate, make_job, make_prospect, make_stub, make_user
from tests.scoring.trained import make_trained_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return make_trained_version(evidence="strong")


def with_skills(*skills, **values):
    person = make_candidate(**values)
    Profile.objects.create(
        candidate=person, extractor="taxonomy", version="t", source_hash="x", skills=list(skills)
    )
    return person


def job_asking(*skills, **values):
    job = make_job(**values)
    for skill in skills:
        Requirement.objects.create(job=job, kind="skill", value=skill)
    return job


def model_of(version):
    return registry.artifact(version)


class TestBestJobs:
    def test_only_open_jobs_that_are_known_are_compared(self, version):
        wanted = make_job()
        make_job(status="filled")
        Job.objects.create(code="só-código", is_stub=True)
        person = make_candidate()
        found = matching.best_jobs(model_of(version), matching.person_frame(person))
        assert [match.job_id for match in found] == [wanted.pk]

    def test_somebody_without_data_gets_no_job(self, version):
        make_job()
        assert matching.best_jobs(model_of(version), matching.person_frame(make_stub())) == []

    def test_a_job_can_be_left_out_and_the_rest_limited(self, version):
        jobs = [make_job() for _ in range(4)]
        found = matching.best_jobs(
            model_of(version), matching.person_frame(make_candidate()), without=[jobs[0].pk], limit=2
        )
        assert len(found) == 2
        assert jobs[0].pk not in {match.job_id for match in found}

    def test_by_requirements_who_meets_more_stands_first(self, version):
        far, near = job_asking("sap", "java"), job_asking("java", "sql")
        found = matching.best_jobs(
            model_of(version), matching.person_frame(with_skills("java", "sql")), by_requirements=True
        )
        assert [match.job_id for match in found] == [near.pk, far.pk]
        assert [one["state"] for one in found[0].requirements] == ["met", "met"]

    def test_the_score_is_that_of_the_ranking_of_the_job(self, version):
        from scoring import ranking

        job, person = make_job(), make_candidate(cv_text="sap e java")
        made, _new = ranking.new_ranking(job)
        ranking.run(made)
        (match,) = matching.match(model_of(version), matching.person_frame(person), [job.pk])
        stored = Prediction.objects.get(ranking=made, candidate=person)
        assert match.probability == pytest.approx(stored.score, abs=1e-12)
        assert match.reasons["margin"] == pytest.approx(stored.reasons["margin"], abs=1e-9)

    def test_reasons_add_up_to_the_margin(self, version):
        make_job()
        (match,) = matching.best_jobs(model_of(version), matching.person_frame(make_candidate()))
        assert match.reasons["base"] + sum(match.reasons["groups"].values()) == pytest.approx(
            match.reasons["margin"]
        )

    def test_a_closed_job_can_be_asked_for_by_name(self, version):
        job = make_job(status="filled")
        found = matching.match(model_of(version), matching.person_frame(make_candidate()), [job.pk])
        assert [match.job_id for match in found] == [job.pk]

    def test_a_new_job_is_seen_at_once(self, version):
        frame = matching.person_frame(make_candidate())
        first = make_job()
        assert len(matching.best_jobs(model_of(version), frame)) == 1
        second = make_job()
        found = matching.best_jobs(model_of(version), frame)
        assert {match.job_id for match in found} == {first.pk, second.pk}

    def test_somebody_not_stored_scores_as_the_same_person_stored(self, version):
        job, person = make_job(), with_skills("java", cv_text="sap, java", headline="")
        same = Candidate(cv_text="sap, java", headline="", name=person.name, email=person.email)
        same.city, same.state = person.city, person.state
        model = model_of(version)
        (stored,) = matching.match(model, matching.person_frame(person), [job.pk])
        (unsaved,) = matching.match(model, matching.person_frame(same, skills=["java"]), [job.pk])
        assert unsaved.features == pytest.approx(stored.features, nan_ok=True)


class TestSuggest:
    def test_what_is_told_is_stored_against_the_person(self, version, recruiter):
        job, person = make_job(), make_candidate()
        found = suggesting.suggest(person, by=recruiter)
        (stored,) = Prediction.objects.all()
        assert found.predictions == [stored]
        assert (stored.candidate, stored.job, stored.source, stored.requested_by) == (
            person,
            job,
            "suggestion",
            recruiter,
        )

    def test_looking_twice_stores_nothing_twice(self, version, recruiter):
        make_job()
        person = make_candidate()
        first = suggesting.suggest(person, by=recruiter).predictions
        assert suggesting.suggest(person, by=recruiter).predictions == first
        make_job()
        assert len(suggesting.suggest(person, by=recruiter).predictions) == 2

    def test_jobs_where_the_person_stands_are_left_out(self, version, recruiter):
        prospect = make_prospect()
        other = make_job()
        found = suggesting.suggest(prospect.candidate, by=recruiter).predictions
        assert [one.job for one in found] == [other]

    def test_without_a_model_nothing_is_told(self, recruiter):
        make_job()
        found = suggesting.suggest(make_candidate(), by=recruiter)
        assert (found.version, found.predictions) == (None, [])

    def test_without_evidence_the_order_is_that_of_requirements(self, recruiter):
        make_trained_version(evidence="none")
        assert suggesting.suggest(make_candidate(), by=recruiter).by_requirements

    def test_a_hiring_manager_is_told_of_own_jobs_only(self, version):
        manager = make_user("gestora", "Hiring managers")
        standing, own, alien = make_job(), make_job(), make_job()
        for job in (standing, own):
            JobMember.objects.create(job=job, user=manager)
        person = make_prospect(job=standing).candidate
        with viewing.seen_by(viewing.as_user(manager)):
            found = suggesting.suggest(person, by=manager).predictions
        assert [one.job for one in found] == [own]
        assert not Prediction.objects.filter(job=alien).exists()

    @pytest.fixture
    def quoted(self, version, recruiter):
        """What a recruiter reads under blind review of a CV that names the skill asked for."""

        def of(cv_text):
            job_asking("java")
            person = with_skills("java", name="Zulmira Antunes", cv_text=cv_text)
            ReviewPolicy.objects.create(pk=1, blind_for_all=True)
            with viewing.seen_by(viewing.as_user(recruiter)):
                (told,) = suggesting.suggest(person, by=recruiter).predictions
            return told.requirements[0]["quote"]

        return of

    def test_quotes_are_redacted_under_blind_review(self, quoted):
        quote = quoted("Zulmira Antunes java há anos")
        assert "java" in quote
        assert "Zulmira" not in quote

    def test_nor_does_a_quote_begin_with_the_rest_of_a_street(self, quoted):
        quote = quoted("das Flores, 12 - Centro, java há anos")
        assert quote.endswith("Centro, java há anos")
        assert "Flores" not in quote


class TestPages:
    def test_other_jobs_is_a_page_and_a_fragment(self, page, version):
        job = make_job(title="Vaga boa")
        address = reverse("scoring:other_jobs", args=[make_candidate().code])
        assert "Vaga boa" in page.get(address).content.decode()
        fragment = page.get(address, headers={"HX-Request": "true"}).content.decode()
        assert job.get_absolute_url() in fragment
        assert "<h1" not in fragment

    def test_other_jobs_of_somebody_without_data(self, page, version):
        answer = page.get(reverse("scoring:other_jobs", args=[make_stub().code]))
        assert "there is nothing to compare jobs with" in answer.content.decode()

    def test_a_model_that_cannot_be_loaded_is_said(self, page, version):
        from tests.scoring.trained import damage

        make_job()
        damage(version)
        answer = page.get(reverse("scoring:other_jobs", args=[make_candidate().code]))
        assert answer.status_code == 200
        assert "alert-bad" in answer.content.decode()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, page, version, rows, django_assert_max_num_queries):
        for _ in range(rows):
            job_asking("java")
        address = reverse("scoring:other_jobs", args=[with_skills("java").code])
        page.get(address)
        with django_assert_max_num_queries(24):
            page.get(address)


class TestSimilar:
    def test_who_shares_rare_skills_is_shown_with_them(self, page):
        person = with_skills("java", "sap", seniority="senior")
        alike = with_skills("java", "sap", seniority="senior", name="Parecida")
        with_skills("docker", name="Diferente")
        shown = page.get(reverse("scoring:similar", args=[person.code])).content.decode()
        assert alike.get_absolute_url() in shown
        assert "Diferente" not in shown

    def test_nobody_alike_is_said(self, page):
        shown = page.get(reverse("scoring:similar", args=[make_stub().code])).content.decode()
        assert "Nobody shares enough" in shown

    def test_nobody_is_named_under_blind_review(self, page, recruiter):
        person, other = with_skills("java", "sap"), with_skills("java", "sap", name="Zulmira")
        ReviewPolicy.objects.create(pk=1, blind_for_all=True)
        # By the code, which a reader may not know, nobody hidden is found
        assert page.get(reverse("scoring:similar", args=[person.code])).status_code == 404
        shown = page.get(reverse("scoring:similar", args=[token(person.pk)])).content.decode()
        assert "Candidate " in shown
        assert "Zulmira" not in shown
        assert f"/{other.code}/" not in shown


def as_seen(reader, *people):
    """The people as that reader sees them: with pseudonyms where they are hidden."""
    with viewing.seen_by(viewing.as_user(reader)):
        found = Candidate.objects.in_bulk([person.pk for person in people])
        return [found[person.pk] for person in people]


def sides(page, job, *people, **more):
    address = reverse("scoring:compare", args=[job.code])
    return page.get(address, {"c": [person.code for person in people]} | more)


def hidden_sides(page, job, *people):
    return sides(page, job, **{"c": [token(person.pk, job_id=job.pk) for person in people]})


class TestCompare:
    def test_the_rows_are_the_same_and_differences_are_marked(self, page):
        job = make_job()
        first = make_prospect(job=job, candidate=with_skills("java", "sql", english="fluent")).candidate
        second = make_prospect(job=job, candidate=with_skills("java", english="basic")).candidate
        lineup = sides(page, job, second, first).context["lineup"]
        assert lineup.people == [second, first]
        assert lineup.shared_skills == ["Java"]
        lines = {line.label: line for block in lineup.blocks for line in block.lines}
        assert [cell.text for cell in lines["English"].cells] == ["Basic", "Fluent"]
        assert lines["English"].differs
        assert not lines["Stage"].differs
        assert [cell.state for cell in lines["SQL"].cells] == ["absent", "met"]

    def test_requirements_stand_as_they_were_met_in_the_ranking(self, page, version):
        from scoring import ranking

        job = job_asking("java", "sap")
        people = [with_skills(skill, cv_text=skill, headline="") for skill in ("java", "sap")]
        for person in people:
            make_prospect(job=job, candidate=person)
        made, _new = ranking.new_ranking(job)
        ranking.run(made)
        lineup = sides(page, job, *people).context["lineup"]
        lines = {line.label: line for block in lineup.blocks for line in block.lines}
        asked = next(block for block in lineup.blocks if block.title == "Requirements").lines
        assert [[cell.state for cell in line.cells] for line in asked] == [
            ["met", "not_met"],
            ["not_met", "met"],
        ]
        assert all(line.must for line in asked)
        assert lines["Score"].cells[0].text.endswith("%")

    def test_only_what_differs_can_be_asked_for(self, page):
        job, people = make_job(), [make_candidate(city="Recife"), make_candidate(city="Olinda")]
        shown = sides(page, job, *people, only="differences").content.decode()
        assert "Olinda" in shown
        assert "Education" not in shown

    def test_one_alone_leads_to_choosing(self, page):
        job = make_job()
        prospect = make_prospect(job=job)
        shown = sides(page, job, make_candidate()).content.decode()
        assert "Choose two to five" in shown
        assert str(prospect.candidate) in shown

    def test_a_sixth_is_not_shown_and_that_is_said(self, page):
        job, people = make_job(), [make_candidate() for _ in range(6)]
        answer = sides(page, job, *people)
        assert answer.context["lineup"].people == people[:5]
        assert "Five people fit" in answer.content.decode()

    def test_nobody_is_told_under_blind_review(self, page, recruiter):
        ReviewPolicy.objects.create(pk=1, blind_for_all=True)
        job, people = make_job(), [make_candidate(name="Zulmira"), make_candidate(name="Abelardo")]
        shown = hidden_sides(page, job, *people).content.decode()
        assert "Candidate " in shown
        for secret in ("Zulmira", "Abelardo", *(person.email for person in people)):
            assert secret not in shown

    def test_pseudonyms_find_their_people_again(self, page, recruiter):
        ReviewPolicy.objects.create(pk=1, blind_for_all=True)
        job, people = make_job(), [make_candidate(), make_candidate()]
        first = hidden_sides(page, job, *people).context["lineup"]
        again = sides(page, job, *first.people).context["lineup"]
        assert [one.pk for one in again.people] == [one.pk for one in first.people]

    @pytest.mark.parametrize("number", [2, 5])
    def test_the_number_of_queries_does_not_grow(self, page, number, django_assert_max_num_queries):
        job = job_asking("java")
        people = [make_prospect(job=job, candidate=with_skills("java")).candidate for _ in range(number)]
        with django_assert_max_num_queries(16):
            sides(page, job, *people)


class TestTrying:
    def try_it(self, page, **values):
        return page.post(reverse("scoring:try_candidate"), values)

    def test_a_cv_alone_is_enough(self, page, version):
        make_job(title="Vaga boa")
        answer = self.try_it(page, cv_text="dez anos de java e sap em Recife")
        assert "Vaga boa" in answer.content.decode()
        (stored,) = Prediction.objects.all()
        assert (stored.source, stored.candidate, stored.candidate_code) == ("trial", None, "")

    def test_what_the_cv_says_is_shown_and_not_stored(self, page, version):
        job_asking("java")
        answer = self.try_it(page, cv_text="especialista em java por muitos anos")
        assert "especialista em java" in answer.content.decode()
        assert "especialista" not in json.dumps(Prediction.objects.get().requirements)

    def test_a_job_and_a_model_can_be_chosen(self, page, version):
        other = make_trained_version(state="retired", seed=2)
        wanted = make_job()
        make_job()
        answer = self.try_it(page, cv_text="java", job=wanted.code, model=other.number)
        assert answer.status_code == 200
        (stored,) = Prediction.objects.all()
        assert (stored.job, stored.model_version) == (wanted, other)

    def test_a_record_of_the_source_is_understood(self, page, version):
        make_job()
        record = {
            "infos_basicas": {"objetivo_profissional": "Analista SAP", "local": "Recife, Pernambuco"},
            "formacao_e_idiomas": {"nivel_ingles": "Avançado"},
            "cv_pt": "sap",
        }
        person = trying.person_of_json(json.dumps(record))
        assert (person.headline, person.english, person.cv_text) == ("Analista SAP", "advanced", "sap")
        assert self.try_it(page, record=json.dumps(record)).status_code == 200

    def test_half_a_character_is_taken_as_an_import_takes_it(self, page, version):
        make_job()
        assert self.try_it(page, record='{"cv_text": "java \\ud800"}').status_code == 200

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("{", "not JSON: look at line 1"),
            ("[1]", "One object"),
            ('{"foo": 1}', "None of the fields is known"),
            ('{"headline": 3}', "headline must be a text"),
            ('{"seniority": "chefe"}', "seniority must be one of"),
            ('{"infos_basicas": "x", "cv_pt": "y"}', "An object was expected here"),
        ],
    )
    def test_a_record_that_cannot_be_read_says_why(self, page, version, text, sentence):
        answer = self.try_it(page, record=text)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Prediction.objects.exists()

    def test_nothing_to_score_is_said(self, page, version):
        assert "There is nothing to score" in self.try_it(page, city="Recife").content.decode()

    def test_an_unknown_job_is_said(self, page, version):
        assert "no job with this code" in self.try_it(page, cv_text="java", job="nada").content.decode()

    def test_without_a_model_that_is_said(self, page):
        assert "No model is in use yet" in self.try_it(page, cv_text="java").content.decode()

    def test_a_hiring_manager_does_not_try(self, client):
        manager = make_user("gestora", "Hiring managers")
        client.force_login(manager)
        assert client.get(reverse("scoring:try_candidate")).status_code == 403

    def test_the_page_teaches_before_it_is_used(self, page):
        assert "A CV alone is enough" in page.get(reverse("scoring:try_candidate")).content.decode()


def test_prospects_of_many_jobs_do_not_slow_the_memory(version):
    person = make_candidate()
    for _ in range(3):
        make_prospect(candidate=person, applied_on=datetime.date(2026, 4, 1))
    before = Prospect.objects.count()
    matching.best_jobs(model_of(version), matching.person_frame(person))
    assert Prospect.objects.count() == before
    assert not Ranking.objects.exists()
