"""Everything that the schema promises, asked of the program by schemathesis with invented requests."""

from collections import Counter
from dataclasses import dataclass, field
from unittest.mock import patch

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.python import wsgi
from werkzeug.test import Client

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
    "unsupported_method",
    "allow_header_conformance",
)
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "429", "503"]
# What is wrong with one item is said of that item, in an answer of 200
BULK = {"candidates_bulk", "jobs_bulk", "prospects_bulk", "predict_batch"}
# An invented name is refused, a key that came before is a conflict: no request would get any further
LEFT_OUT = [{"$ref": f"#/components/parameters/{name}"} for name in ("OnBehalfOf", "IdempotencyKey")]
PHASES = ("examples", "coverage", "fuzzing", "stateful")


@dataclass
class Outcome:
    """What came of a run: how many requests were sent by phase and by status, and what was wrong."""

    sent: Counter = field(default_factory=Counter)
    statuses: Counter = field(default_factory=Counter)
    operations: Counter = field(default_factory=Counter)
    wrong: dict = field(default_factory=dict)

    def __str__(self):
        by_status = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        by_phase = ", ".join(f"{count} {phase}" for phase, count in self.sent.items())
        return f"{self.sent.total()} cases ({by_phase}) of {len(self.operations)} operations: {by_status}"


def settings_of(key, *, examples, steps, headers=None, phases=PHASES, known=None, uncovered=()):
    """Of a run with that key; ``known``: values that parameters of addresses take now and then;
    ``uncovered``: operations whose borders and faults are not gone through one by one."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 20260301,
            "workers": 1,
            "continue-on-failure": True,
            # The library reads what an app in its own process answers as it is, packed or not
            "headers": {"Accept-Encoding": "identity", "x-api-key": key, **(headers or {})},
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
            },
            "checks": {
                "enabled": False,
                **{name: {"enabled": True} for name in CHECKS},
                "negative_data_rejection": {"enabled": True, "expected-statuses": REFUSALS},
            },
            "phases": {
                **{name: {"enabled": name in phases} for name in PHASES if name != "stateful"},
                "stateful": {"enabled": "stateful" in phases, "max-steps": steps},
            },
            "dictionaries": {name: {"values": values} for name, values in (known or {}).items()},
            "parameters": {
                f"path.{name}": {"dictionary": name, "probability": 0.7} for name in (known or {})
            },
            "operations": [*_exceptions(set(uncovered))],
            "warnings": False,
        }
    )


def _exceptions(uncovered):
    """One entry for each operation that is asked otherwise: only the first that names it counts."""
    briefly = {"phases": {"coverage": {"enabled": False}}}
    by_item = {"checks": {"negative_data_rejection": {"enabled": False}}}
    told = ((uncovered & BULK, briefly | by_item), (BULK - uncovered, by_item), (uncovered - BULK, briefly))
    return [{"include-operation-id": sorted(names), **how} for names, how in told if names]


class InProcess(Client):
    """Schemathesis 4.32.5 hands settings of sockets on when it asks again without a key."""

    def open(self, *args, **kwargs):
        for name in ("max_redirects", "verify", "cert", "proxies", "timeout"):
            kwargs.pop(name, None)
        return super().open(*args, **kwargs)


def run(config, *, only=None):
    """Sends what schemathesis invents; ``only``: a regular expression of addresses."""
    with patch.object(wsgi, "get_client", lambda app: InProcess(app)):
        return _run(config, only)


def _documented():
    """The schema; whose calls and which attempts these are is not invented."""
    documented = Client(WSGIHandler()).get("/api/schema?format=json").json
    for item in documented["paths"].values():
        for operation in item.values():
            operation["parameters"] = [one for one in operation["parameters"] if one not in LEFT_OUT]
    return documented


def _run(config, only):
    schema = schemathesis.openapi.from_dict(_documented(), config=config)
    schema.app, schema.location = WSGIHandler(), "/api/schema"
    if only:
        schema = schema.include(path_regex=only)
    outcome = Outcome()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _add(outcome, event)
        elif isinstance(event, events.NonFatalError):
            outcome.wrong.setdefault(("error", str(event.label)), str(event.info.format()))
        elif isinstance(event, events.FatalError):
            raise event.exception
    return outcome


def _add(outcome, event):
    recorder = event.recorder
    for interaction in recorder.interactions.values():
        outcome.sent[event.phase.value.lower()] += 1
        outcome.statuses[interaction.response.status_code if interaction.response else 0] += 1
    for case_id, node in recorder.cases.items():
        outcome.operations[node.value.operation.label] += 1
        for check in recorder.checks.get(case_id, ()):
            if check.failure_info is not None:
                failure = check.failure_info.failure
                about = (node.value.operation.label, check.name, failure.title)
                answer = recorder.interactions.get(failure.case_id or case_id)
                status = answer.response.status_code if answer and answer.response else ""
                text = f"{failure.message[:1500]}\n  {check.failure_info.code_sample[:1500]}\n  {status}"
                outcome.wrong.setdefault(about, text)
