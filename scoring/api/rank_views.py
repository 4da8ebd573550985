"""A job's order of people whom the caller names, at once."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates import veiling, viewing
from candidates.models import Candidate
from candidates.requests import signed_in
from candidates.search.finding import Asked, understand
from jobs.models import Job
from scoring import people
from scoring import ranking_on_demand as ranking
from scoring.api import asking_examples as examples
from scoring.api import told
from scoring.api.answering import loadable
from scoring.api.asking_serializers import RankAnswerSerializer, RankRequestSerializer
from scoring.api.asking_views import AskingView
from scoring.api.parameters import REASONS
from scoring.api.refusals import NO_MODEL, NothingToCompare, PoolNotPrepared
from scoring.comparing import NotRankable
from scoring.models import Prediction
from scoring.serving import Ask

PREPARED_AT_ONCE = 2_000  # people whom a request may wait for


class RankView(AskingView):
    resource = "rankings"

    @extend_schema(
        operation_id="rank",
        summary="Put given people of a job in order, at once",
        description=(
            "Exactly one of `candidates` (up to 1,000 codes), `prospects` (whoever stands in the job) "
            "and `pool` (the best of those who do not). Numbers and order are those of the job's stored "
            "ranking; without evidence for the score's order (`evidence`), people stand by the requirements "
            "they meet (`order`). People without data come last, without a rank. Every row is stored as a "
            "prediction. Codes that stand for nobody are in `unknown`. Quotes are left out, and reasons told "
            "only when asked for: they take some milliseconds a person."
        ),
        tags=["rankings"],
        parameters=[REASONS],
        request=RankRequestSerializer,
        responses={
            200: RankAnswerSerializer,
            409: OpenApiResponse(description="Only the code of the job is known: nothing to compare with."),
            503: NO_MODEL,
        },
        examples=[
            OpenApiExample("Given people", value=examples.RANK, request_only=True),
            OpenApiExample("The job's prospects", value=examples.RANK_PROSPECTS, request_only=True),
            OpenApiExample("From the pool", value=examples.RANK_POOL, request_only=True),
            OpenApiExample("In order", value=examples.RANKED_ROWS, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = self.sent(RankRequestSerializer)
        job = self.job(asked["job"])
        ask = self.ask(request, asked)
        ids, unknown = people_of(asked.get("candidates", ()))
        try:
            with loadable():
                found = _ranked(job, ask, asked, ids)
        except NotRankable as error:
            raise NothingToCompare(str(error)) from None
        body = {
            "job": job.code,
            "correlation_id": ask.correlation_id,
            **told.of_version(ask.version),
            "order": found.order,
            "compared": found.compared,
            "unknown": unknown,
            "results": _rows(request, found.rows, ask),
        }
        return Response(body)


def people_of(codes: Collection[str]) -> tuple[list[int], list[str]]:
    """Whom the caller may find by these codes, each once; and the codes that find nobody."""
    if not codes:
        return [], []
    tokens = [code for code in codes if code.startswith(veiling.MARK)]
    plain = [code for code in codes if not code.startswith(veiling.MARK)]
    # Apart: a hidden person found by a token must not be found by the code that stands beside it
    visible = {code: pks for some in (tokens, plain) for pks in [_visible(some)] for code in some}
    with viewing.unrestricted():
        records = Candidate.everyone.filter(code__in=codes)
        behind = dict(records.values_list("code", Coalesce("merged_into", "pk")))
    behind |= {code: veiling.candidate_of(code) for code in tokens}
    found = {code: pk for code in codes if (pk := behind.get(code)) and pk in visible[code]}
    return list(dict.fromkeys(found.values())), [code for code in codes if code not in found]


def _visible(codes: Collection[str]) -> frozenset[int]:
    return frozenset(person.pk for person in Candidate.objects.coded_any(codes).only("pk"))


def _ranked(job: Job, ask: Ask, asked: dict[str, Any], ids: Sequence[int]) -> ranking.Ranked:
    if "candidates" in asked:
        return ranking.rank_these(job, ids, ask)
    if asked.get("prospects"):
        return ranking.rank_prospects(job, ask)
    pool = asked["pool"]
    if not people.are_prepared(ask.model) and Candidate.objects.known().count() > PREPARED_AT_ONCE:
        raise PoolNotPrepared
    return ranking.rank_pool(job, ask, among=_among(pool.get("filters")), limit=pool["limit"])


def _among(filters: dict[str, Any] | None) -> set[int] | None:
    """Whom the filters leave, of those whom the caller may see; None without filters."""
    if not filters:
        return None
    wanted: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in filters.items()
    }
    return set(understand(Asked(**wanted)).matches().values_list("pk", flat=True))


def _rows(request: Request, rows: Sequence[Prediction], ask: Ask) -> list[dict[str, Any]]:
    """As the caller may read them. Who they are is looked up anew: by this very answer, people of the pool
    may have come to be hidden."""
    with viewing.seen_by(viewing.as_user(signed_in(request))):
        stored = Prediction.objects.filter(pk__in=[row.pk for row in rows]).defer("features")
        by_key = {row.pk: row for row in stored}
        return [_row(by_key[row.pk], ask) for row in rows if row.pk in by_key]


def _row(row: Prediction, ask: Ask) -> dict[str, Any]:
    body = {**told.scored(row), "group": row.group, "rank": row.rank}
    if ask.reasons:
        row.model_version = ask.version
        body["reasons"] = told.accounted(row)
    return body
