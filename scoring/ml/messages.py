"""What the learner has to say: a sentence with gaps, so that a page can say it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """`id`: an English sentence with %(name)s for each of `params`; plain values only."""

    id: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        return self.id % self.params

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "params": dict(self.params)}
