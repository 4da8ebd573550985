"""Whether the process lives and whether it can do its work.

Open to everybody, so no more is told than which part fails.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from redis import Redis
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

logger = logging.getLogger(__name__)

QUEUE_SECONDS = 1
NOT_STORED = {"Cache-Control": "no-store"}


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_queue() -> None:
    url, seconds = settings.REDIS_URL, QUEUE_SECONDS
    with Redis.from_url(url, socket_connect_timeout=seconds, socket_timeout=seconds) as queue:
        queue.ping()


def ask_model() -> None:
    """Loads the model in use, once a process: the first prediction then needs not wait for it."""
    from scoring.registry import champion_artifact

    champion_artifact()


CHECKS: dict[str, Callable[[], None]] = {"database": ask_database, "queue": ask_queue, "model": ask_model}


def readiness() -> dict[str, bool]:
    return {name: _works(name, check) for name, check in CHECKS.items()}


def _works(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # whatever is wrong with it, it cannot be used
        logger.warning("not ready: %s (%s)", name, type(error).__name__)
        return False
    return True


class LiveSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok"])
    time = serializers.DateTimeField()


class ReadySerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "unavailable"])
    time = serializers.DateTimeField()
    checks = serializers.DictField(child=serializers.ChoiceField(choices=["ok", "failed"]))


class OpenView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)


class LiveView(OpenView):
    @extend_schema(
        summary="Is the process alive?",
        description="As the replaced service answered. Asks neither database nor queue.",
        tags=["service"],
        auth=[],
        responses=LiveSerializer,
        examples=[OpenApiExample("Alive", value={"status": "ok", "time": "2026-03-10T12:00:00Z"})],
    )
    def get(self, request: Request) -> Response:
        return Response({"status": "ok", "time": timezone.now()}, headers=NOT_STORED)


class ReadyView(OpenView):
    @extend_schema(
        summary="Can it do its work?",
        description="Asks database and queue, and loads the model in use. Says which part fails, not why.",
        tags=["service"],
        auth=[],
        responses={
            200: ReadySerializer,
            503: OpenApiResponse(ReadySerializer, description="At least one part fails."),
        },
        examples=[
            OpenApiExample(
                "Ready",
                status_codes=["200"],
                value={
                    "status": "ok",
                    "time": "2026-03-10T12:00:00Z",
                    "checks": {"database": "ok", "queue": "ok", "model": "ok"},
                },
            ),
            OpenApiExample(
                "Without a model",
                status_codes=["503"],
                value={
                    "status": "unavailable",
                    "time": "2026-03-10T12:00:00Z",
                    "checks": {"database": "ok", "queue": "ok", "model": "failed"},
                },
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        parts = readiness()
        ready = all(parts.values())
        body = {
            "status": "ok" if ready else "unavailable",
            "time": timezone.now(),
            "checks": {name: "ok" if works else "failed" for name, works in parts.items()},
        }
        return Response(body, status=200 if ready else 503, headers=NOT_STORED)
