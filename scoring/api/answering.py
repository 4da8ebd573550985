"""What keeps a model version from answering, as refusals."""

from collections.abc import Iterator
from contextlib import contextmanager

from scoring import choosing
from scoring.api.parameters import wrong
from scoring.api.refusals import ModelNotLoaded, NoModelInUse


@contextmanager
def loadable() -> Iterator[None]:
    """503 for a version whose files or words cannot be used."""
    from scoring.ml.artifact import ArtifactError

    try:
        yield
    except ArtifactError as error:
        raise ModelNotLoaded(str(error)) from error


@contextmanager
def answerable() -> Iterator[None]:
    """Also 400 for a model that is not there, and 503 when none is in use."""
    try:
        with loadable():
            yield
    except choosing.UnknownModel as error:
        raise wrong("model", str(error), "unknown_model") from None
    except choosing.NoModel as error:
        raise NoModelInUse from error
