import argparse
import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring import services
from monitoring.models import DriftAlert, DriftReport


class Command(BaseCommand):
    help = (
        "Compare one day's predictions with the data their model versions learned from, and store the alerts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=_day, metavar="YYYY-MM-DD", help="the day to judge; yesterday without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day: datetime.date = options["day"] or services.yesterday()
        try:
            reports = services.run_drift(day)
        except ValueError as error:  # a baseline that cannot be read
            raise CommandError(str(error)) from error
        if not reports:
            self.stdout.write(f"No prediction was served on {day} ({settings.TIME_ZONE}): nothing to judge.")
        for report in reports:
            self._print(report)

    def _print(self, report: DriftReport) -> None:
        mean = "-" if report.mean_score is None else f"{report.mean_score:.3f}"
        count = report.predictions
        self.stdout.write(
            f"{report.day}  {report.model_version}  {count} predictions judged, mean score {mean}"
        )
        self.stdout.write("  hour  predictions  mean score")
        for hour in report.hourly:
            if hour["count"]:
                self.stdout.write(f"  {hour['hour']:>4}  {hour['count']:>11}  {hour['mean_score']:>10.3f}")
        for line in _verdict(report):
            self.stdout.write("  " + line)


def _verdict(report: DriftReport) -> list[str]:
    if report.predictions < report.minimum:
        return [f"Too few to judge: at least {report.minimum} are needed."]
    if not report.enough:
        return ["This version has no baseline to compare with: nothing was judged."]
    alerts = list(report.alerts.all())
    return [_line(alert) for alert in alerts] or ["No drift."]


def _line(alert: DriftAlert) -> str:
    if alert.kind == DriftAlert.Kind.MISSING:
        return f"ALERT {alert.feature} missing: no prediction of the day has a value"
    unit = " std" if alert.kind == DriftAlert.Kind.MEAN else ""
    moved = f"{alert.baseline:.3f} → {alert.current:.3f}, moved {alert.distance:.3f}{unit}"
    return f"ALERT {alert.feature} {alert.kind}: {moved} (limit {alert.limit:g}{unit})"


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as YYYY-MM-DD.") from None
