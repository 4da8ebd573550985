"""Scores on demand: of a person and a job that are described, or that are fetched by their codes."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates import viewing
from candidates.integration.views import ApiView
from candidates.models import Candidate
from candidates.requests import acting
from jobs.models import Job
from scoring import choosing, on_demand
from scoring.api import asking_examples as examples
from scoring.api import told
from scoring.api.answering import answerable, loadable
from scoring.api.asking_serializers import (
    AnswerSerializer,
    FullRequestSerializer,
    SmartRequestSerializer,
)
from scoring.api.parameters import REASONS, wanted, wrong
from scoring.api.refusals import NO_MODEL
from scoring.models import Prediction
from scoring.serving import Ask


class AskingView(ApiView):
    """What the views share that score somebody at once."""

    resource = "predictions"

    def ask(self, request: Request, asked: dict[str, Any]) -> Ask:
        """Which version is asked, and by whom."""
        with answerable():
            version, model = choosing.chosen(asked.get("model"))
        reasons = wanted(request, "reasons", otherwise=asked["reasons"])
        return Ask(version, model, acting(request), str(getattr(request, "correlation_id", "")), reasons)

    def job(self, code: str) -> Job:
        found = Job.objects.defer("raw", "search_vector").filter(code=code).first()
        if found is None:
            raise wrong("job", _("There is no job with this code."), "unknown_job")
        return found

    def answer(self, stored: Prediction, ask: Ask) -> Response:
        """As the caller may read it."""
        row = Prediction.objects.select_related("job").get(pk=stored.pk)
        body = {
            **told.scored(row),
            "job": row.job.code if row.job else None,
            "correlation_id": row.correlation_id,
            **told.of_version(ask.version),
        }
        if ask.reasons:
            row.model_version = ask.version
            body["reasons"] = told.accounted(row)
        return Response(body)


class FullView(AskingView):
    @extend_schema(
        operation_id="predict_full",
        summary="Score somebody from what the request says, and nothing else",
        description=(
            "A candidate and a job, both described; or `features` by the names of a model version. Nothing "
            "is looked up and nothing stored but the prediction: features and codes, never texts. Of the "
            "company's history nothing enters, so it is a first application to a first job of its client. "
            "Unknown fields are refused. When too little is said, `score` is null and `needs_human_review` "
            "true."
        ),
        tags=["predictions"],
        parameters=[REASONS],
        request=FullRequestSerializer,
        responses={200: AnswerSerializer, 503: NO_MODEL},
        examples=[
            OpenApiExample("Described", value=examples.FULL, request_only=True),
            OpenApiExample("Features", value=examples.BY_FEATURES, request_only=True),
            OpenApiExample("Answer", value=examples.OF_DESCRIBED, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = self.sent(FullRequestSerializer)
        ask = self.ask(request, asked)
        if "features" in asked:
            return self.answer(_of_features(asked["features"], ask), ask)
        job, requirements = asked["job"]
        with loadable():
            stored = on_demand.described(asked["candidate"], job, requirements, ask)
        return self.answer(stored, ask)


def _of_features(features: dict[str, float | None], ask: Ask) -> Prediction:
    try:
        return on_demand.of_features(features, ask)
    except on_demand.UnknownFeatures as error:
        sentence = _("Model v%(number)s has no such feature; GET /api/v1/models/%(number)s lists them.") % {
            "number": ask.version.number
        }
        detail = [ErrorDetail(sentence, code="unknown_feature")]
        raise ValidationError({"features": {name[:40]: detail for name in error.names}}) from None


class SmartView(AskingView):
    @extend_schema(
        operation_id="predict_smart",
        summary="Score a candidate in a job by their codes",
        description=(
            "The server fetches the candidate's profile, skills and history and the job with what it asks; "
            "the number is that of the job's ranking. A candidate may also be described: then there is "
            "no history. For a code that is not known, somebody without a CV or a job known by its code only "
            "`score` is null, `needs_human_review` true and `review_reason` says why; that is stored, too."
        ),
        tags=["predictions"],
        parameters=[REASONS],
        request=SmartRequestSerializer,
        responses={200: AnswerSerializer, 503: NO_MODEL},
        examples=[
            OpenApiExample("By codes", value=examples.SMART, request_only=True),
            OpenApiExample("Scored", value=examples.ANSWER, response_only=True, status_codes=["200"]),
            OpenApiExample(
                "Not known", value=examples.NEEDS_REVIEW, response_only=True, status_codes=["200"]
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = self.sent(SmartRequestSerializer)
        job, given = self.job(asked["job"]), asked["candidate"]
        ask = self.ask(request, asked)
        code = given if isinstance(given, str) else ""
        candidate = person_of(code) if code else given
        with loadable():
            stored = on_demand.smart(job, ask, candidate=candidate, code=code)
        return self.answer(stored, ask)


def person_of(code: str) -> Candidate | None:
    """Whom the caller may find by this code, with the code that is stored."""
    found = Candidate.objects.coded(code).only("pk").first()
    if found is None:
        return None
    with viewing.unrestricted():
        return Candidate.objects.only("pk", "code").get(pk=found.pk)
