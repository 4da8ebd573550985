"""The version that a command is told."""

from django.core.management.base import CommandError

from scoring.models import ModelVersion


def version_named(name: str) -> ModelVersion:
    """By its number, such as ``3`` or ``v3``. Raises ``CommandError``."""
    number = name.removeprefix("v")
    version = ModelVersion.objects.filter(number=int(number)).first() if number.isdecimal() else None
    if version is None:
        raise CommandError(
            f"There is no model version “{name}”. `manage.py model_report` lists those in use."
        )
    return version
