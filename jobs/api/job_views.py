"""Jobs, and what they ask for."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from candidates.integration.bulk import BulkAnswerSerializer, BulkView, Saved, bulk_request
from candidates.integration.listing import Listing, Sort
from candidates.integration.sparse import SparseView
from candidates.integration.sync import GoneByCodeSerializer, SyncView, sync_schema
from candidates.integration.views import ApiView
from candidates.integration.words import MADE_AT, Conflict
from candidates.models import Change
from candidates.requests import acting
from jobs.api import examples, writing
from jobs.api.filters import JobFilters
from jobs.api.job_serializers import (
    JobCreateSerializer,
    JobItemSerializer,
    JobSerializer,
    JobWriteSerializer,
    RequirementChangeSerializer,
    RequirementSerializer,
    RequirementWriteSerializer,
)
from jobs.models import Job, Requirement
from jobs.requirements import editing

NO_JOB = OpenApiResponse(description="There is no such job, or it is not yours to see.")
NO_SUCH = OpenApiResponse(description="There is no such job, or no such requirement in it.")
TEXTS = ("activities", "competences", "remarks")


def with_requirements(jobs: "QuerySet[Any]", told: frozenset[str]) -> Any:
    jobs = jobs.defer("raw", "search_vector")
    if "requirements" not in told:
        return jobs
    return jobs.prefetch_related(Prefetch("requirements", Requirement.objects.in_force()))


def find_job(code: str) -> Job:
    return get_object_or_404(Job.objects.defer("raw", "search_vector"), code=code)


@extend_schema_view(
    get=extend_schema(
        operation_id="jobs_list",
        summary="Jobs",
        description="A hiring manager's are the own ones.",
        tags=["jobs"],
        examples=[OpenApiExample("A job", value=examples.JOB, status_codes=["200"])],
    )
)
class JobListView(Listing):
    resource = "jobs"
    serializer_class = JobSerializer
    filterset_class = JobFilters
    kind = Change.Kind.JOB
    sorts = {
        "id": Sort("pk"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
        "requested_on": Sort("requested_on", nullable=True),
        "code": Sort("code"),
    }
    on_request = ("requirements",)
    loads = {name: (name,) for name in TEXTS}
    queryset = Job.objects.all()

    def get_queryset(self) -> Any:
        return with_requirements(super().get_queryset(), self.told)

    @extend_schema(
        operation_id="jobs_create",
        summary="A new job",
        description="Its requirements are read from its texts. Who makes it works on it.",
        tags=["jobs"],
        request=JobCreateSerializer,
        responses={201: JobSerializer, 409: OpenApiResponse(description="There is a job with this code.")},
        parameters=[MADE_AT],
        examples=[
            OpenApiExample("A new job", value=examples.NEW_JOB, request_only=True),
            OpenApiExample("It is made", value=examples.JOB, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        asked = self.sent(JobCreateSerializer)
        job = writing.create(asked, by=acting(request))
        return _made(request, job)


def _made(request: Request, job: Job) -> Response:
    where = reverse("api-job", args=[job.code], request=request)
    return Response(JobSerializer(job).data, status=201, headers={"Location": where})


class JobView(SparseView):
    resource = "jobs"
    serializer_class = JobSerializer
    on_request = ("requirements",)
    loads = {name: (name,) for name in TEXTS}

    @extend_schema(
        operation_id="jobs_read",
        summary="One job",
        description="With every field, also of a closed job.",
        tags=["jobs"],
        responses={200: JobSerializer, 404: NO_JOB},
        examples=[OpenApiExample("A job", value=examples.JOB, status_codes=["200"])],
    )
    def get(self, request: Request, code: str) -> Response:
        rows = with_requirements(self.lean(Job.objects.all()), self.told)
        job = get_object_or_404(rows, code=code)
        return Response(self.get_serializer(job).data)

    @extend_schema(
        operation_id="jobs_update",
        summary="Change a job",
        description="Only the fields that are sent change. Imports leave it alone from then on.",
        tags=["jobs"],
        request=JobWriteSerializer,
        responses={
            200: JobSerializer,
            404: NO_JOB,
            409: OpenApiResponse(description="Somebody else saved it at the same moment."),
        },
        examples=[
            OpenApiExample("Close it", value={"status": "filled"}, request_only=True),
            OpenApiExample("The job", value=examples.JOB, response_only=True, status_codes=["200"]),
        ],
    )
    def patch(self, request: Request, code: str) -> Response:
        job = find_job(code)
        asked = self.sent(JobWriteSerializer)
        writing.change(job, asked)
        return Response(JobSerializer(job).data)


class JobBulkView(BulkView):
    resource = "jobs"
    item_serializer = JobItemSerializer

    @extend_schema(
        operation_id="jobs_bulk",
        summary="Make or change up to 1,000 jobs by their codes",
        description="A job with an item's code is changed, else made; what an item leaves out stays."
        " Each item has its own result, and one that is refused stops no other.",
        tags=["jobs"],
        request=bulk_request("Jobs", JobItemSerializer),
        responses={200: BulkAnswerSerializer},
        examples=[
            OpenApiExample("A result", value=examples.BULK, response_only=True),
            OpenApiExample("Two jobs", value={"items": [examples.NEW_JOB]}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)

    def save_one(self, values: dict[str, Any], request: Request) -> Saved:
        return writing.upsert(values, by=acting(request))


class CannotEdit(Conflict):
    default_code = "requirement_refused"


class RequirementListView(ApiView):
    resource = "jobs"

    @extend_schema(
        operation_id="requirements_list",
        summary="What a job asks of its candidates",
        description="What the job asks for, as matching and ranking understand it.",
        tags=["jobs"],
        responses={200: RequirementSerializer(many=True), 404: NO_JOB},
        examples=[OpenApiExample("One", value=examples.REQUIREMENT, status_codes=["200"])],
    )
    def get(self, request: Request, code: str) -> Response:
        rows = find_job(code).requirements.in_force()
        return Response(RequirementSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="requirements_create",
        summary="Ask for one more thing",
        description="Protected criteria, and what stands for them, are refused with the reason.",
        tags=["jobs"],
        request=RequirementWriteSerializer,
        responses={
            201: RequirementSerializer(many=True),
            404: NO_JOB,
            409: OpenApiResponse(description="It is refused, or in the list already; detail says why."),
        },
        examples=[
            OpenApiExample("Java", value={"kind": "skill", "value": "java"}, request_only=True),
            OpenApiExample("The list", value=examples.REQUIREMENT, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        job, asked = find_job(code), self.sent(RequirementWriteSerializer)
        return _edited(job, lambda: editing.add(job, **asked, by=acting(request)), status=201)


class RequirementView(ApiView):
    resource = "jobs"

    @extend_schema(
        operation_id="requirements_update",
        summary="Required, or nice to have",
        description="Says of one requirement whether it must be met.",
        tags=["jobs"],
        request=RequirementChangeSerializer,
        responses={200: RequirementSerializer(many=True), 404: NO_SUCH},
        examples=[
            OpenApiExample("Nice to have", value={"must": False}, request_only=True),
            OpenApiExample("The list", value=examples.REQUIREMENT, response_only=True, status_codes=["200"]),
        ],
    )
    def patch(self, request: Request, code: str, pk: int) -> Response:
        job, asked = find_job(code), self.sent(RequirementChangeSerializer)
        _there(job, pk)
        return _edited(job, lambda: editing.ask(job, [pk], **asked, by=acting(request)))

    @extend_schema(
        operation_id="requirements_delete",
        summary="Ask for it no more",
        description="The requirement is not proposed again. Answers the list that is left.",
        tags=["jobs"],
        responses={200: RequirementSerializer(many=True), 404: NO_SUCH},
        examples=[
            OpenApiExample("The list", value=examples.REQUIREMENT, response_only=True, status_codes=["200"])
        ],
    )
    def delete(self, request: Request, code: str, pk: int) -> Response:
        job = find_job(code)
        _there(job, pk)
        return _edited(job, lambda: editing.remove(job, [pk], by=acting(request)))


def _there(job: Job, pk: int) -> None:
    if not job.requirements.in_force().filter(pk=pk).exists():
        raise Http404


def _edited(job: Job, change: Any, *, status: int = 200) -> Response:
    try:
        change()
    except editing.CannotEdit as error:
        raise CannotEdit(str(error)) from None
    return Response(RequirementSerializer(job.requirements.in_force(), many=True).data, status=status)


class JobSyncView(SyncView):
    resource = "jobs"
    kind = Change.Kind.JOB
    serializer_class = JobSerializer
    queryset = Job.objects.defer("raw", "search_vector")

    def gone(self, change: Change) -> dict[str, Any]:
        return {"code": change.code}

    @sync_schema("jobs", JobSerializer, gone=GoneByCodeSerializer, row=examples.JOB)
    def get(self, request: Request) -> Response:
        return super().get(request)
