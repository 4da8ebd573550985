"""What comparing a few people with one job needs beside them, kept in the process's memory.

The words and topics of each model that was asked for. What happened in the company is in ``company_history``,
and everybody, for the ranking of whole jobs, in ``people``.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from scoring import company_history, datasets, people
from scoring.answers import NO_TEXT_MODEL

if TYPE_CHECKING:
    import pandas as pd

    from scoring.ml.artifact import Artifact
    from scoring.ml.history import History
    from scoring.ml.text import TextModel
    from scoring.ml.topics import TopicModel

KEPT = 4  # models whose words a process holds, as many as scoring.registry holds models
FEW = 25  # people who are read from their texts sooner than everybody is looked up


@dataclass(frozen=True, eq=False)
class Words:
    text: "TextModel"
    topics: "TopicModel | None"


_lock = Lock()
_words: "OrderedDict[str, Words]" = OrderedDict()


def words(model: "Artifact") -> Words:
    """The text and topic models stored with a model. Raises ``scoring.ml.artifact.ArtifactError``."""
    with _lock:
        if model.sha256 not in _words:
            _words[model.sha256] = _words_of(model)
        _words.move_to_end(model.sha256)
        while len(_words) > KEPT:
            _words.popitem(last=False)
        return _words[model.sha256]


def _words_of(model: "Artifact") -> Words:
    from scoring.ml.artifact import ArtifactIncompatible

    try:
        return Words(people.text_of(model), people.topics_of(model))
    except (KeyError, ValueError) as error:
        raise ArtifactIncompatible(_(NO_TEXT_MODEL)) from error


def these_people(model: "Artifact", candidate_ids: Collection[int]) -> people.Pool:
    """Stored candidates as ``scoring.comparing`` wants them: many are taken from those prepared for rankings,
    a few are prepared anew, which spares reading everybody."""
    if len(candidate_ids) <= FEW or not people.are_prepared(model):
        return pool_of(model, datasets.candidates(candidate_ids), events=company_history.history())
    whole = people.pool(model)
    ids = whole.candidates.ids.tolist()
    wanted = set(candidate_ids)
    return replace(whole, candidates=whole.candidates.subset([pk for pk in ids if pk in wanted]))


def pool_of(model: "Artifact", person: "pd.DataFrame", *, events: "History") -> people.Pool:
    """The people of a candidates frame as ``scoring.comparing`` wants them."""
    import numpy as np

    from scoring.ml.blocks import prepare_candidates

    known = words(model)
    block = prepare_candidates(person, text=known.text)
    stamps = np.zeros((len(block), 2), dtype=np.int64)
    return people.Pool("", known.text, known.topics, stamps, block, events)


def forget() -> None:
    """Empty this process's memory of models' words."""
    with _lock:
        _words.clear()
