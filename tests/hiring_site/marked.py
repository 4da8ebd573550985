"""A hidden person whose every trace is a marker, and an example address for every page there is."""

# ruff: noqa: E501  rows are read more easily whole

import datetime
import io
import uuid
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from candidates import models as people
from candidates.integration import events
from candidates.integration.keys import create as make_key
from candidates.integration.unknown import UnknownAddress
from candidates.veiling import token
from jobs.models import JobMember, Prospect, Requirement, RequirementChange, StageChange
from monitoring.models import DriftReport
from scoring import models as scores
from tests.factories import make_candidate, make_job, make_version

NAME = "Quitéria Zambujal"
# No answer may hold one of these, in whatever case
MARKERS = (
    "quitéria",
    "quiteria",
    "zambujal",
    "mark77001",
    "qmail",
    "3999-7171",
    "39997171",
    "qlinked",
    "acácias",
    "07/07/1977",
)
TEXT = (
    "Quitéria Zambujal\nRua das Acácias, 71 - Recife\nNascida em 07/07/1977, casada\nqmail@example.com (81) 3999-7171\n"
    "linkedin.com/in/qlinked\nDesenvolvedora java com sql há 8 anos. A Quitéria programa em java."
)
ROLES = ("administrator", "recruiter", "auditor", "manager", "stranger", "system", "nobody")
_GROUPS = {
    "recruiter": "Recruiters",
    "auditor": "Auditors",
    "manager": "Hiring managers",
    "stranger": "Hiring managers",  # of another job
    "system": "Integrations",
}


@dataclass
class World:
    person: people.Candidate
    open_person: people.Candidate
    job: object
    rows: dict  # model -> a row of it that is about the hidden person
    users: dict

    def seen_by(self, role):
        """The user of that role; one's own are the notices."""
        self.rows[people.Notification] = people.Notification.objects.get(user=self.users[role])
        return self.users[role]

    @property
    def token(self):
        return token(self.person.pk)


def make_world():
    users = {role: User.objects.create_user(f"user-{role}", password="a long password") for role in ROLES}
    User.objects.filter(pk=users["administrator"].pk).update(is_superuser=True, is_staff=True)
    User.objects.filter(pk=users["auditor"].pk).update(is_staff=True)
    for role, group in _GROUPS.items():
        users[role].groups.add(Group.objects.get_or_create(name=group)[0])
    users = {role: User.objects.get(pk=user.pk) for role, user in users.items()}
    person = _person()
    job = make_job(blind=True, title="Desenvolvedor Java")
    JobMember.objects.create(job=job, user=users["manager"], part="hiring_manager")
    member = JobMember.objects.create(job=job, user=users["recruiter"], part="recruiter")
    JobMember.objects.create(job=make_job(title="Outra"), user=users["stranger"], part="hiring_manager")
    open_person = make_candidate(name="Anselmo Aberto")
    rows = {JobMember: member, type(job): job, people.Candidate: person, User: users["recruiter"]}
    rows |= _work(person, job, users["recruiter"]) | _scores(person, open_person, job, users["recruiter"])
    rows |= _workspace(person, open_person, users)
    return World(person, open_person, job, rows, users)


def _person():
    person = make_candidate(
        code="MARK77001", name=NAME, email="qmail@example.com", phone="(81) 3999-7171",
        linkedin_url="https://linkedin.com/in/qlinked", headline="Quitéria, desenvolvedora Java",
        technical_knowledge="java, ver qmail@example.com", certifications="de Zambujal", other_certifications="Zambujal",
        other_language="francês (Quitéria)", salary_text="falar com Zambujal", cv_text=TEXT, cv_text_en=TEXT,
        raw={"infos_basicas": {"nome": NAME, "email": "qmail@example.com", "endereco": "Rua das Acácias, 71"}},
    )  # fmt: skip
    people.Demographics.objects.create(candidate=person, sex="Quitéria", birth_date=datetime.date(1977, 7, 7))
    people.Profile.objects.create(
        candidate=person,
        extractor="skills",
        version="1",
        source_hash="1",
        skills=["java"],
        evidence={"java": TEXT[-40:]},
    )
    return person


def _work(person, job, by):
    prospect = Prospect.objects.create(
        job=job, candidate=person, stage="applied", comment="Quitéria ligou: 3999-7171"
    )
    change = StageChange.objects.create(
        prospect=prospect, from_stage="sourced", to_stage="applied", changed_by=by, source="person",
        reason="Quitéria pediu", batch=uuid.uuid4(),
    )  # fmt: skip
    asked = Requirement.objects.create(job=job, kind="skill", value="java", quote="java")
    after = [["skill", "java", True, False, "java", None]]
    made = RequirementChange.objects.create(
        job=job, by=by, what="must", named=[["skill", "java"]], after=after
    )
    return {Prospect: prospect, StageChange: change, Requirement: asked, RequirementChange: made}


def _scores(person, other, job, by):
    version = make_version(metrics={"base_rate": 0.1})
    now = timezone.now()
    ranking = scores.Ranking.objects.create(job=job, model_version=version, state="done", finished_at=now)
    asked = [{"kind": "skill", "value": "java", "must": True, "state": "met", "quote": TEXT[-40:]}]
    values = {
        "ranking": ranking, "job": job, "model_version": version, "group": "prospect", "score": 0.4, "rank": 1,
        "threshold": 0.5, "operating_mode": "prec80", "source": "ranking", "decision": False, "requirements": asked,
    }  # fmt: skip
    told = scores.Prediction.objects.create(candidate=person, candidate_code=person.code, **values)
    pool = values | {"group": "pool", "candidate_code": other.code, "requirements": []}
    scores.Prediction.objects.create(candidate=other, **pool)
    feedback = scores.Feedback.objects.create(
        job=job, candidate=person, prediction=told, verdict="fit", note=NAME, by=by
    )
    mark = scores.ReviewMark.objects.create(
        version=version, candidate=person, job=job, mark="sensible", note=NAME, by=by
    )
    run = scores.TrainingRun.objects.create(state="done", recipe="peneira")
    check = scores.ModelCheck.objects.create(version=version, kind="rank_changes", state="queued")
    weights = scores.JobWeights.objects.create(job=job, weights={}, by=by)
    seen = scores.Exposure.objects.create(ranking=ranking, user=by, shown=[[person.pk, 1]])
    promotion = scores.Promotion.objects.create(version=version, reason="better", by=by)
    return {
        scores.Ranking: ranking, scores.Prediction: told, scores.Feedback: feedback, scores.ReviewMark: mark,
        scores.ModelVersion: version, scores.TrainingRun: run, scores.ModelCheck: check, scores.JobWeights: weights,
        scores.Exposure: seen, scores.Promotion: promotion,
    }  # fmt: skip


def _workspace(person, other, users):
    by = users["recruiter"]
    note = people.Note.objects.create(candidate=person, text=TEXT, author=by)
    tag = people.Tag.objects.create(name="bilingue")
    tagging = people.Tagging.objects.create(candidate=person, tag=tag, by=by)
    document = people.Document(
        candidate=person, name="cv-quiteria-zambujal.txt", size=len(TEXT), sha256="1" * 64, text=TEXT, state="parsed",
        proposed={"name": NAME, "email": "qmail@example.com"}, uploaded_by=by, media_type="text/plain",
    )  # fmt: skip
    document.file.save("cv-quiteria-zambujal.txt", ContentFile(TEXT.encode()))
    first, second = sorted((person, other), key=lambda one: one.pk)
    pair = people.DuplicatePair.objects.create(first=first, second=second, likeness=0.9, signs=["name"])
    gone = make_candidate(name="Quitéria Zambujal Antiga", code="MARK77001-old", merged_into=person)
    merge = people.Merge.objects.create(kept=person, absorbed=gone, by=by, moved={"filled": {"name": NAME}})
    search = people.SavedSearch.objects.create(
        owner=by, name="Java em Recife", query="q=java", shared=True, watched=True
    )
    match = people.WatchedMatch.objects.create(search=search, candidate=person)
    event = people.AccessEvent.objects.create(
        kind="download", user=users["administrator"], candidate=person, reason=NAME
    )
    for user in users.values():
        notice = people.Notification.objects.create(
            user=user,
            kind="mention",
            message="You were mentioned.",
            candidate=person,
            url=person.get_absolute_url(),
        )
    webhook = people.Webhook.objects.create(
        name="ATS", url="https://hooks.example.com/", events=["candidate.updated"], user=users["system"]
    )
    happened = people.Event.objects.create(
        kind="candidate.updated", data={"candidate": events.person(person.pk), "fields": ["name"]}
    )
    delivery = people.Delivery.objects.create(webhook=webhook, event=happened)
    return {
        people.Webhook: webhook, people.Event: happened, people.Delivery: delivery,
        people.Note: note, people.Tag: tag, people.Tagging: tagging, people.Document: document,
        people.DuplicatePair: pair, people.Merge: merge, people.SavedSearch: search, people.WatchedMatch: match,
        people.AccessEvent: event, people.Notification: notice, people.ImportRun: _import(person),
        people.ApiKey: make_key("Careers site", users["system"], scopes=["candidates:read"], by=None).key,
        DriftReport: _drift(),
    }  # fmt: skip


def _drift():
    return DriftReport.objects.create(
        day=datetime.date(2026, 3, 9), model_version=scores.ModelVersion.objects.latest("pk"), predictions=3
    )


def _import(person):
    run = people.ImportRun.objects.create(state="done")
    return run


# Every address


def patterns():
    """Name and pattern of every address there is, walked automatically."""
    found = _walk(get_resolver().url_patterns, "", "")
    return [(name, one) for name, one in found if getattr(one.callback, "cls", None) is not UnknownAddress]


def _walk(found, space, route):
    for one in found:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name or route + str(one.pattern)}", one
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, inner, route + str(one.pattern))


class NoExample(Exception):
    """A page that this file has no example address for: add its parameters to ``example``."""


def example(name, pattern, world):
    """The parameters of a page, such that it shows the hidden person where it shows anybody."""
    space, _colon, short = name.rpartition(":")
    rows, wanted = world.rows, sorted(pattern.pattern.converters)
    values = {
        "code": world.token if space == "candidates" else world.job.code,
        "candidate": world.token,
        "number": rows[scores.ModelVersion].number,
        "batch": rows[StageChange].batch if space == "jobs" else rows[people.Document].batch,
        "kept": "nothing",
    }
    if short in OF_PEOPLE:
        values["code"] = world.token
    if short.startswith("api-"):
        values |= {"batch": rows[StageChange].batch, "name": rows[people.Tag].name}
    if "webhook" in short or "deliver" in short:
        values |= {"pk": rows[people.Webhook].pk, "number": rows[people.Delivery].pk}
    model = _model_of(name)
    if "pk" in wanted and model is not None:
        values["pk"] = rows[model].pk
    if missing := [one for one in wanted if one not in values]:
        raise NoExample(f"{name}: {', '.join(missing)}")
    return {one: values[one] for one in wanted}


OF_PEOPLE = (
    *("candidate_prospects", "candidate_predictions", "similar", "other_jobs"),
    *("api-candidate", "api-notes", "api-tags", "api-tag", "api-recommendations"),
)
_KEYS = {
    "api-job-requirement": Requirement, "api-ranking-read": scores.Ranking, "api-feedback-one": scores.Feedback,
    "api-drift-report": DriftReport, "prediction_requirements": scores.Prediction,
    "notification": people.Notification, "import_detail": people.ImportRun, "import_again": people.ImportRun,
    "access_remove": JobMember, "requirement_undo": RequirementChange, "note_edit": people.Note, "note_delete": people.Note, "note_restore": people.Note,
    "undo_merge": people.Merge, "tag_remove": people.Tag, "tag_restore": people.Tag,
    "ranking_progress": scores.Ranking, "prediction_detail": scores.Prediction, "api-prediction": scores.Prediction,
    "training_run_detail": scores.TrainingRun, "api-training-run": scores.TrainingRun,
}  # fmt: skip


def _model_of(name):
    short = name.rpartition(":")[2]
    if short in _KEYS:
        return _KEYS[short]
    for part, model in (
        ("document_", people.Document),
        ("api-document", people.Document),
        ("api-prospect", Prospect),
        ("api-import", people.ImportRun),
        ("search_", people.SavedSearch),
        ("duplicate", people.DuplicatePair),
        ("api_key_", people.ApiKey),
    ):
        if part in short:
            return model
    return None


def admin_addresses(world):
    """List, search, form, history and deletion of every model of the admin, for the hidden person's row."""
    for model in admin.site._registry:
        info = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for page in ("changelist", "add"):
            yield f"{info}_{page}", reverse(f"{info}_{page}")
        yield f"{info}_changelist", reverse(f"{info}_changelist") + "?q=zambujal"
        row = world.rows.get(model) or model._default_manager.first()
        if row is not None:
            for page in ("change", "history", "delete"):
                yield f"{info}_{page}", reverse(f"{info}_{page}", args=[row.pk])


# What an answer holds


def contents(answer):
    """All of an answer: status line aside, headers, cookies, body; of archives and Excel files what is inside."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    texts = [f"{name}: {value}" for name, value in answer.headers.items()] + [str(answer.cookies)]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    texts.append(body.decode("utf-8", "replace"))
    whole = unquote("\n".join(texts)).casefold()
    return whole.encode().decode("unicode_escape", "ignore") + whole if "\\u" in whole else whole


def markers_in(answer):
    held = contents(answer)
    return sorted(marker for marker in MARKERS if marker in held)


def models_of_people():
    """Every model that is a candidate or names one, however it does."""
    return [model for model in apps.get_models() if model is people.Candidate or _names_somebody(model)]


def _names_somebody(model):
    return any(
        field.is_relation and field.related_model is people.Candidate and field.concrete
        for field in model._meta.get_fields()
    )
