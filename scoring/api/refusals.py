"""How these views refuse, and how the schema says so."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import APIException

from candidates.integration.words import Conflict

POLL_SECONDS = 3

RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, response=[202], description="Seconds until asking again."
)
NO_MODEL = OpenApiResponse(description="No model is in use, or its files cannot be read.")
NO_JOB = OpenApiResponse(description="There is no such job.")


class NoModelInUse(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "no_model"
    default_detail = _("No model can answer: none is in use, or its files cannot be read. Train one first.")


class LastRankingFailed(Conflict):
    default_code = "ranking_failed"


class NothingToCompare(Conflict):
    default_code = "not_rankable"


class ModelNotLoaded(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "model_not_loaded"


class PoolNotPrepared(APIException):
    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_code = "pool_not_prepared"
    default_detail = _(
        "Not everybody has been prepared for this model yet. Ask for a ranking of the job with the model in "
        "use (POST /api/v1/jobs/{code}/ranking), which prepares them, or send candidates."
    )
