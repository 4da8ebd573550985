import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache

from scoring import registry
from scoring.models import Prediction
from tests.scoring.test_api_predict import make_system_b_version

PAGE = (settings.BASE_DIR / "docs" / "api.md").read_text()


def first_call(language, live_server):
    code = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1)
    for written, real in {
        "http://localhost:8000": live_server.url,
        '"admin"': '"administrator"',
        '"…"': '"a long password"',
        "python3 ": f"{sys.executable} ",
    }.items():
        code = code.replace(written, real)
    return code


@pytest.fixture
def served(live_server, administrator):
    cache.clear()
    registry.forget()
    make_system_b_version()
    yield live_server
    registry.forget()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "program"), [("sh", ["bash", "-c"]), ("python", [sys.executable, "-c"])]
)
def test_the_documented_first_call_works(served, language, program):
    asked = subprocess.run(
        [*program, first_call(language, served)], capture_output=True, text=True, timeout=60
    )
    assert asked.returncode == 0, asked.stderr
    assert str(Prediction.objects.get().pk) in asked.stdout
