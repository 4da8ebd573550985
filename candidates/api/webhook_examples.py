"""Examples of webhooks for the schema and the documentation."""

from typing import Any

_ID = "0b1d6d3c-8e7a-4f0f-9c5f-0a2b7c1d9e34"
WEBHOOK: dict[str, Any] = {
    "id": _ID,
    "name": "Our careers site",
    "url": "https://hooks.example.com/peneira",
    "events": ["prospect.created", "prospect.moved"],
    "enabled": True,
    "disabled_at": None,
    "disabled_reason": None,
    "failing_since": None,
    "last_success_at": "2026-03-10T12:00:01Z",
    "created_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-01T12:00:00Z",
}
NEW: dict[str, Any] = {
    "name": "Our careers site",
    "url": "https://hooks.example.com/peneira",
    "events": ["prospect.created", "prospect.moved"],
}
# What the secret is is not in the examples of a place that scanners read
MADE: dict[str, Any] = WEBHOOK | {"last_success_at": None, "secret": "whsec_…"}
DELIVERY: dict[str, Any] = {
    "id": 4711,
    "event": {
        "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "type": "prospect.moved",
        "timestamp": "2026-03-10T12:00:00Z",
    },
    "state": "delivered",
    "attempts": [
        {"at": "2026-03-10T12:00:01Z", "status": 204, "problem": "", "milliseconds": 38.2},
    ],
    "next_attempt_at": None,
    "delivered_at": "2026-03-10T12:00:01Z",
    "replays": None,
    "created_at": "2026-03-10T12:00:00Z",
}
DELIVERIES: dict[str, Any] = {"results": [DELIVERY], "next": None, "previous": None}
_WAITS: dict[str, Any] = {
    "state": "pending",
    "attempts": [],
    "delivered_at": None,
    "next_attempt_at": "2026-03-10T12:30:00Z",
    "created_at": "2026-03-10T12:30:00Z",
}
AGAIN: dict[str, Any] = DELIVERY | _WAITS | {"id": 4712, "replays": 4711}
TEST: dict[str, Any] = (
    DELIVERY
    | _WAITS
    | {
        "id": 4713,
        "event": {
            "id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "type": "webhook.test",
            "timestamp": "2026-03-10T12:30:00Z",
        },
    }
)
