"""What the workers run; each task only finds its row and hands it on."""

from celery import shared_task

from candidates.models import ImportRun


@shared_task
def run_import(pk: int) -> None:
    from jobs import services

    for run in ImportRun.objects.filter(pk=pk):
        services.run_import(run)


@shared_task
def reap_imports() -> None:
    from jobs import services

    services.reap_imports()
