"""What a process that answers loads before it is asked: LightGBM and the models in use."""

import logging

from django.db import DatabaseError, InterfaceError

from scoring import prediction, registry

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Load what ``predict`` answers with. What cannot be loaded is left to the first who asks for it."""
    for load in (prediction.answering_model, registry.champion_artifact):
        try:
            load()
        except (registry.NoModel, DatabaseError, InterfaceError) as error:
            logger.info("nothing to load yet: %s", type(error).__name__)
