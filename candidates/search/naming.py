"""Skills by what people call them: "k8s" is Kubernetes."""

import csv
from difflib import get_close_matches
from functools import cache

from candidates.folding import fold_phrase
from candidates.skills import SKILLS_FILE

LONGEST = 4  # words of a spelling that is looked for among words side by side
CLOSE = 0.75  # of difflib, for "did you mean"


def skill_named(phrase: str) -> str:
    """The id of the skill that is called so, by any of its spellings; "" for none."""
    return _spellings().get(fold_phrase(phrase), "")


def skills_like(phrase: str, *, most: int = 3) -> list[str]:
    """Ids of skills spelled much alike: for a word that nothing was found for."""
    known = _spellings()
    close = get_close_matches(fold_phrase(phrase), known, n=3 * most, cutoff=CLOSE)
    return list(dict.fromkeys(known[spelling] for spelling in close))[:most]


@cache
def _spellings() -> dict[str, str]:
    """Also those that are ambiguous in a CV: who types "go" in the search box may well mean the language."""
    known: dict[str, str] = {}
    with SKILLS_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            spellings = [row["label"], row["id"], row["id"].replace("-", " "), *row["aliases"].split("|")]
            for spelling in spellings:
                known.setdefault(fold_phrase(spelling.removeprefix("?")), row["id"])
    known.pop("", None)
    return known


SHOWN_SPELLINGS = 4  # of a skill, to be marked in texts


@cache
def spellings_of(skill: str) -> tuple[str, ...]:
    """How a text may spell it; of many, the shortest."""
    known = [spelling for spelling, of in _spellings().items() if of == skill and len(spelling) > 2]
    return tuple(sorted(known, key=len)[:SHOWN_SPELLINGS])
