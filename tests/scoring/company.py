"""A small company whose hires follow from skills, so that something can be learned in a second."""

import datetime
import random

from candidates.models import Candidate, Profile
from jobs.models import Job, Outcome, Prospect, Requirement, Stage

SKILLS = ("java", "python", "sap", "sql", "docker", "react")
FIRST_DAY = datetime.date(2023, 1, 2)


def make_company(*, candidates=160, jobs=50, prospects_per_job=8, stubs=6, seed=5):
    """Candidates, jobs two weeks apart, and prospects; who has the job's skill is mostly hired."""
    chance = random.Random(seed)
    people = _people(candidates, stubs, chance)
    vacancies = _jobs(jobs, chance)
    known = {profile.candidate_id: profile.skills for profile in Profile.objects.all()}
    prospects = []
    for job, skill in vacancies:
        for person in chance.sample(people, prospects_per_job):
            fits = skill in known.get(person.pk, [])
            hired = chance.random() < (0.75 if fits else 0.04)
            day = job.requested_on + datetime.timedelta(days=chance.randint(1, 9))
            prospects.append(_prospect(job, person, day, hired))
    Prospect.objects.bulk_create(prospects)
    return [job for job, _ in vacancies]


def _people(count, stubs, chance):
    people = [
        Candidate(
            code=f"{31000 + number}",
            name=f"Pessoa {number}",
            email=f"pessoa{number}@example.com",
            headline="Analista",
            city="Recife" if number % 3 else "São Paulo",
            english=("", "basic", "advanced")[number % 3],
            education="bachelor_complete",
            seniority=("junior", "mid", "senior")[number % 3],
        )
        for number in range(count)
    ]
    skills = [chance.sample(SKILLS, 2) for _ in people]
    for person, two in zip(people, skills, strict=True):
        person.cv_text = f"experiência com {two[0]} e {two[1]} em projetos de sistemas, 4 anos"
    Candidate.objects.bulk_create(people)
    Profile.objects.bulk_create(
        Profile(candidate=person, extractor="taxonomy", version="test", source_hash="x", skills=two)
        for person, two in zip(people, skills, strict=True)
    )
    unknown = [Candidate(code=f"{90000 + number}", is_stub=True) for number in range(stubs)]
    return people + Candidate.objects.bulk_create(unknown)


def _jobs(count, chance):
    made = []
    for number in range(count):
        skill = SKILLS[number % len(SKILLS)]
        job = Job.objects.create(
            code=str(5000 + number),
            title=f"Desenvolvedor {skill}",
            client="Cliente Exemplo",
            requested_on=FIRST_DAY + datetime.timedelta(days=14 * number),
            city="Recife",
            seniority="mid",
            english="intermediate",
            activities=f"desenvolver e manter sistemas com {skill}",
            competences=f"{skill} obrigatório",
        )
        Requirement.objects.create(
            job=job, kind="skill", value=skill, must=True, quote=f"{skill} obrigatório"
        )
        made.append((job, skill))
    return made


def _prospect(job, person, day, hired):
    return Prospect(
        job=job,
        candidate=person,
        applied_on=day,
        updated_on=day + datetime.timedelta(days=3),
        stage=Stage.HIRED if hired else Stage.REJECTED,
        outcome=Outcome.HIRED if hired else Outcome.REJECTED,
        source_status="Contratado pela Decision" if hired else "Não Aprovado pelo Cliente",
    )
