"""What the workers run; each task only finds its row and hands it on."""

from celery import shared_task

from scoring.models import ModelCheck, Ranking, TrainingRun


@shared_task
def run_training(pk: int) -> None:
    from scoring import training

    for run in TrainingRun.objects.filter(pk=pk):
        training.run(run)


@shared_task
def run_ranking(pk: int) -> None:
    from scoring import ranking

    for row in Ranking.objects.filter(pk=pk):
        ranking.run(row)


@shared_task
def run_model_check(pk: int) -> None:
    from scoring import checks

    for row in ModelCheck.objects.filter(pk=pk):
        checks.run(row)


@shared_task
def run_further_check(pk: int) -> None:
    """A check that trains: of the queue ``ml``, as every training."""
    from scoring import checks

    for row in ModelCheck.objects.filter(pk=pk):
        checks.run(row)


@shared_task
def reap_runs() -> None:
    from scoring import services

    services.reap_runs()
