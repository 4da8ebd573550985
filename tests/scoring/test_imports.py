import subprocess
import sys

PROGRAM = """
import sys
import django
django.setup()
from django.urls import get_resolver
list(get_resolver().url_patterns)
from django.core.management import get_commands, load_command_class
for name, app in get_commands().items():
    if app in ("candidates", "jobs", "scoring", "monitoring") and name != "generate_company":
        load_command_class(app, name)
import scoring.tasks, scoring.services, scoring.prediction, scoring.ranking, scoring.reasons, scoring.training
print(sorted({"pandas", "sklearn", "lightgbm", "scipy"} & set(sys.modules)))
"""


def test_pages_commands_and_tasks_load_no_learning_library():
    asked = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"DJANGO_SETTINGS_MODULE": "hiring_site.settings", "SECRET_KEY": "only-for-tests", "PATH": ""},
        capture_output=True,
        text=True,
    )

    assert asked.stderr == ""
    assert asked.stdout.strip() == "[]"
