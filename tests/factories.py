"""Rows with sensible values; every test names what matters to it."""

import datetime
import itertools

from django.contrib.auth.models import Group, User

from candidates.models import Candidate
from jobs.models import Job, Prospect
from scoring.models import ModelVersion

numbers = itertools.count(1000)


def make_user(name="", group=None, **values):
    user = User.objects.create_user(name or f"user-{next(numbers)}", password="a long password", **values)
    if group:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def make_candidate(**values):
    number = next(numbers)
    defaults = {
        "code": str(number),
        "name": f"Pessoa {number}",
        "email": f"pessoa{number}@example.com",
        "city": "Recife",
        "state": "Pernambuco",
        "headline": "Desenvolvedor Java",
        "cv_text": "desenvolvedor java com experiência em spring boot e sql.\ninglês: avançado",
    }
    return Candidate.objects.create(**(defaults | values))


def make_stub(**values):
    return Candidate.objects.create(**({"code": str(next(numbers)), "is_stub": True} | values))


def make_job(**values):
    number = next(numbers)
    defaults = {
        "code": str(number),
        "title": "Desenvolvedor Java Sênior",
        "client": "Cliente Exemplo",
        "requested_on": datetime.date(2026, 3, 1),
        "city": "Recife",
        "state": "Pernambuco",
        "seniority": "senior",
        "activities": "desenvolver sistemas em java",
        "competences": "java e sql obrigatórios; docker desejável",
    }
    return Job.objects.create(**(defaults | values))


def make_prospect(**values):
    values.setdefault("applied_on", datetime.date(2026, 3, 8))
    if "job" not in values:
        values["job"] = make_job()
    if "candidate" not in values:
        values["candidate"] = make_candidate()
    return Prospect.objects.create(**values)


def make_version(**values):
    number = next(numbers)
    defaults = {
        "number": number,
        "recipe": "peneira",
        "label_policy": "all",
        "state": ModelVersion.State.CHAMPION,
        "artifact_path": f"v{number}",
        "sha256": "0" * 64,
        "threshold": 0.5,
    }
    return ModelVersion.objects.create(**(defaults | values))
