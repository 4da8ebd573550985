"""What a process that answers loads before it is asked: LightGBM and the models in use."""

import logging

from candidates.models import ApiKey
from scoring import at_once, registry

logger = logging.getLogger(__name__)


def warm_up() -> bool:
    """Load what ``predict`` answers with, where a key is in force; whether it is there now.

    It takes seconds and 150 MiB, which installations that no other system calls are spared. What cannot be
    loaded is left to the first who asks for it.
    """
    if not ApiKey.objects.in_force().exists() or at_once.answering() is None:
        return False
    try:
        registry.champion_artifact()
    except registry.NoModel as error:
        logger.info("no main model to load: %s", error)
    return True
