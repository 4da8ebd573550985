import logging

import pytest
from django.test import Client

from hiring_site.middleware import CorrelationFilter, RouteFilter


@pytest.fixture
def told():
    """What the log of requests would write."""
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(f"[{record.correlation_id}] {record.getMessage()}")

    handler, logger = Lines(), logging.getLogger("django.request")
    handler.addFilter(RouteFilter())
    handler.addFilter(CorrelationFilter())
    logger.addHandler(handler)
    yield lines
    logger.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("/api/v1/candidates/ana@example.com", "candidates/<code:code>"),
        ("/ana@example.com", "/…"),
        ("/api/v1/ana@example.com", "^api(?:/"),
    ],
)
def test_what_stands_in_an_address_is_not_logged(told, address, route):
    Client(raise_request_exception=False).get(address, headers={"X-Request-ID": "mine"})
    (line,) = told
    assert "ana@example.com" not in line
    assert route in line
    assert line.startswith("[mine]")
