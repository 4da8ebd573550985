"""How well people found by a search fit a job: told to ``candidates.search.finding``, which knows no jobs."""

from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.expressions import BaseExpression

from candidates.search import finding
from candidates.search.finding import JobChoice, JobOrder
from jobs.models import Job
from scoring.models import Prediction, Ranking

SUGGESTED = 60  # open jobs offered to choose from


def by_ranking(code: str) -> JobOrder | None:
    """The places of the job's newest ranking; None when there is no such job for the reader."""
    job = Job.objects.filter(code=code).only("pk", "code", "title").first()
    if job is None:
        return None
    newest = Ranking.objects.finished().filter(job=job).order_by("-pk").only("pk", "order").first()
    if newest is None:
        nowhere = Value(None, IntegerField())
        return JobOrder(job.pk, job.code, str(job), False, Q(pk__in=[]), nowhere, nowhere)
    ranked = Prediction.objects.filter(ranking=newest).exclude(rank=None)
    wanted = Q(pk__in=ranked.values("candidate"))
    return JobOrder(job.pk, job.code, str(job), True, wanted, _by(newest), _of(newest, F("rank")))


def _by(ranking: Ranking) -> BaseExpression:
    """Who applied and the pool have places of their own; by score, they can stand in one order. Where the
    model's order was not shown to beat chance, the list stands by requirements, and so by places."""
    return _of(ranking, -F("score") if ranking.order == Ranking.Order.MODEL else F("rank"))


def _of(ranking: Ranking, value: Any) -> BaseExpression:
    own = Prediction.objects.filter(ranking=ranking, candidate=OuterRef("pk")).exclude(rank=None)
    return Subquery(own.order_by().annotate(asked=value).values("asked")[:1])


def open_jobs() -> list[JobChoice]:
    jobs = Job.objects.open().exclude(title="").order_by(F("requested_on").desc(nulls_last=True), "-pk")
    return [JobChoice(code, title) for code, title in jobs.values_list("code", "title")[:SUGGESTED]]


def register() -> None:
    finding.orderings.append(by_ranking)
    finding.job_choices.append(open_jobs)
