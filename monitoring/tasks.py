from celery import shared_task


@shared_task
def run_nightly_drift() -> None:
    from monitoring import services

    services.run_drift(services.yesterday())
