"""Up to a thousand items in one request, each with its own result."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Final, Literal

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.integration.faults import Fault, faults
from candidates.integration.locking import try_again, was_crosswise
from candidates.integration.strict import StrictSerializer
from candidates.integration.views import ApiView

MOST_ITEMS: Final = 1000

State = Literal["created", "updated", "unchanged", "failed"]
STATES: Final = ("created", "updated", "unchanged", "failed")


@dataclass(frozen=True)
class Saved:
    """What became of one item; ``code`` is what the thing is known by now."""

    state: State
    code: str = ""


@dataclass(frozen=True)
class Result:
    index: int
    status: State
    code: str = ""
    errors: list[Fault] = field(default_factory=list)


def _busy() -> Fault:
    return Fault("", "busy", str(_("Others are writing the same rows. Send this item again.")), "")


class FaultSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="The path of the field; empty when it is the whole item.")
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="A sentence that says what would be right.")
    got = serializers.CharField(allow_blank=True, help_text="The kind of what was sent, never the value.")


class ResultSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="The item's place in the request, from 0.")
    status = serializers.ChoiceField(choices=STATES)
    code = serializers.CharField(allow_blank=True)
    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # the framework takes it away


class BulkAnswerSerializer(serializers.Serializer[Any]):
    results = ResultSerializer(many=True, help_text="One for each item, in the order of the request.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each status.")


def bulk_request(name: str, item: type[serializers.Serializer[Any]]) -> Any:
    """What the schema says of the body of a ``BulkView``; ``name``: "Candidates"."""
    items = serializers.ListField(child=item(), min_length=1, max_length=MOST_ITEMS)
    return inline_serializer(f"{name}Bulk", {"items": items})


class BulkView(ApiView):
    """POST ``{"items": […]}``; a subclass names ``item_serializer`` and says how one item is saved.

    Each item is a transaction of its own: what is refused leaves no trace, what is saved stays, whatever
    becomes of the others. Items are taken in the order of their codes, so that two requests which touch the
    same things wait for each other; one that locks crosswise with other work is tried again.
    """

    item_serializer: ClassVar[type[StrictSerializer]]
    identity: ClassVar[tuple[str, ...]] = ("code",)  # the fields that name a thing; the first is told

    @abstractmethod
    def save_one(self, values: dict[str, Any], request: Request) -> Saved:
        """Make or change the thing that ``values`` describe. Raises ValidationError and other refusals."""

    def post(self, request: Request) -> Response:
        items = _items(request.data)
        order = sorted(range(len(items)), key=lambda index: self._key(items[index]))
        found = {index: self._result(index, items[index], request) for index in order}
        results = [found[index] for index in range(len(items))]
        counts = dict.fromkeys(STATES, 0) | Counter(result.status for result in results)
        return Response({"results": [asdict(result) for result in results], "counts": counts})

    @cached_property
    def _item(self) -> StrictSerializer:
        """One for all items: to make its fields anew for each takes longer than to read one."""
        return self.item_serializer(context={"request": self.request, "view": self})

    def _key(self, item: Any) -> tuple[str, ...]:
        known = item if isinstance(item, Mapping) else {}
        return tuple(str(known.get(name, "")) for name in self.identity)

    def _result(self, index: int, item: Any, request: Request) -> Result:
        try:
            values = self._item.run_validation(item)
            saved = try_again(transaction.atomic(lambda: self.save_one(values, request)))
        except (APIException, PermissionDenied) as error:
            return Result(index, "failed", self._told(item), list(_refusal(error, item)))
        except OperationalError as error:
            if not was_crosswise(error):
                raise
            return Result(index, "failed", self._told(item), [_busy()])
        return Result(index, saved.state, saved.code)

    def _told(self, item: Any) -> str:
        """The code that the caller sent, for finding the item again."""
        return self._key(item)[0][:64]


def _items(data: Any) -> list[Any]:
    if not isinstance(data, Mapping) or set(data) != {"items"} or not isinstance(data["items"], list):
        raise ValidationError({"items": [_('One object with a list is expected: {"items": [ … ]}.')]})
    if not 1 <= len(data["items"]) <= MOST_ITEMS:
        text = _("From 1 to %(most)s items are taken at once; these are %(number)s.")
        raise ValidationError({"items": [text % {"most": MOST_ITEMS, "number": len(data["items"])}]})
    return data["items"]


def _refusal(error: Exception, item: Any) -> Iterable[Fault]:
    if isinstance(error, ValidationError):
        return faults(error.detail, sent=item)
    if isinstance(error, APIException):
        code = getattr(error.detail, "code", error.default_code)
        return [Fault("", str(code), str(error.detail), "")]
    return [Fault("", "permission_denied", str(error) or str(_("You may not do this.")), "")]
