"""What the workers run; each task only finds its row and hands it on."""

from celery import shared_task


@shared_task
def refresh_candidate(pk: int) -> None:
    """What an import kept from being derived when somebody saved a person."""
    from candidates import creating

    creating.refresh_now(pk)


@shared_task
def refresh_candidates(keys: list[int]) -> None:
    """What is derived from people who came or changed many at once."""
    from candidates import creating

    creating.refresh_many(keys)


@shared_task
def read_document(pk: int) -> None:
    from candidates.documents.reading import read

    read(pk)


@shared_task
def reap_documents() -> None:
    from candidates.documents.reading import reap

    reap()


@shared_task
def expire_documents() -> None:
    """Each night: files that nobody said the person of."""
    from candidates.documents.expiring import expire

    expire()


@shared_task
def find_duplicates(after_import: int = 0) -> None:
    """Each night and after each import: who stands here under two codes, and what was deleted long ago."""
    from candidates import duplicates, notes

    duplicates.search_all()
    notes.forget_deleted()


@shared_task
def check_searches(after_import: int = 0) -> None:
    """Each night and after each import: tell the owners of watched searches of new matches."""
    from candidates.search import watching

    watching.check_all()


@shared_task
def refresh_search() -> None:
    """Vectors that a migration emptied, or an import that failed. One that is under way does so itself."""
    from candidates import services
    from candidates.models import ImportRun, RunState

    if not ImportRun.objects.filter(state=RunState.RUNNING).exists():
        services.refresh_search()


@shared_task
def deliver_to_webhook(pk: str) -> None:
    """What is due for one webhook: after each event, and from the sweep."""
    from candidates.integration import delivering

    delivering.deliver_to(pk)


@shared_task
def deliver_webhooks() -> None:
    """The sweep: retries that are due, and what a message that was lost left behind."""
    from candidates.integration import delivering

    delivering.sweep()


@shared_task
def purge_webhooks() -> None:
    from candidates.integration import delivering

    delivering.purge()


@shared_task
def purge_idempotent_answers() -> None:
    from candidates.integration import idempotency

    idempotency.purge()
