"""Finds records that may be of one person, among all or for one; keeps the pairs for somebody to decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import connection, transaction

from candidates import viewing
from candidates.duplicates import fingerprints
from candidates.duplicates.judging import Judged, judge
from candidates.duplicates.traits import traits
from candidates.integration.locking import still_there
from candidates.models import Candidate, DuplicatePair, Fingerprint

# A key that more share tells nobody apart: the number of a recruiter, a form's text, a name that many have
CROWD = 60
SHOWN = 10  # of those like a record that somebody is about to make


@dataclass(frozen=True)
class Found:
    """Somebody who may be the person looked for, as far as the reader may know."""

    candidate: Candidate
    likeness: float
    signs: list[str]  # of email, phone, name, cv


def find_for(fields: Mapping[str, Any], *, without: int | None = None) -> list[Found]:
    """Who may be the person of these fields (name, email, phone, cv_text), the likeliest first.

    People whose identity is hidden from the reader are left out: that they are like a name would tell it.
    """
    judged = _like(fields, without=without)
    best = sorted(judged, key=lambda pk: -judged[pk].likeness)
    people = _shown().in_bulk(best[: SHOWN * 3])
    found = [
        Found(people[pk], judged[pk].likeness, judged[pk].signs)
        for pk in best
        if pk in people and not people[pk].hides_identity
    ]
    return found[:SHOWN]


def _shown() -> Any:
    return Candidate.objects.defer("cv_text", "cv_text_en", "raw", "search_vector", "technical_knowledge")


def _like(fields: Mapping[str, Any], *, without: int | None) -> dict[int, Judged]:
    own = traits(fields)
    with viewing.unrestricted():
        sharing = Fingerprint.objects.filter(keys__overlap=own.keys, candidate__merged_into=None)
        near = [pk for pk in sharing.values_list("pk", flat=True)[: CROWD * 10] if pk != without]
        others = fingerprints.stored_traits(near)
    judged = {pk: judge(own, other) for pk, other in others.items()}
    return {pk: verdict for pk, verdict in judged.items() if verdict}


# Pairs


def look_for(ids: Sequence[int]) -> int:
    """Renew the fingerprints of these people and keep the pairs they are in; how many pairs are new."""
    with viewing.unrestricted():
        fingerprints.refresh(ids)
        pairs = {}
        for pk in Fingerprint.objects.filter(pk__in=ids, candidate__merged_into=None).values_list(
            "pk", flat=True
        ):
            person = Candidate.everyone.only(*fingerprints.COMPARED).filter(pk=pk).first()
            if person is None:
                continue  # removed just now
            fields = {name: getattr(person, name) for name in fingerprints.COMPARED}
            for other, verdict in _like(fields, without=pk).items():
                pairs[min(pk, other), max(pk, other)] = verdict
        return _keep(pairs, of=ids)


def search_all() -> int:
    """Compare everybody; how many pairs are new. Open pairs that no longer hold are forgotten."""
    with viewing.unrestricted():
        fingerprints.refresh()
        near = _near_pairs()
        people = fingerprints.stored_traits(list({pk for pair in near for pk in pair}))
        judged = ((pair, judge(people[pair[0]], people[pair[1]])) for pair in near)
        return _keep({pair: verdict for pair, verdict in judged if verdict}, of=None)


def _near_pairs() -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, [CROWD])
        return {pair for (ids,) in cursor for pair in combinations(ids, 2)}


_BLOCKS = """
    SELECT array_agg(f.candidate_id ORDER BY f.candidate_id)
    FROM candidates_fingerprint f JOIN candidates_candidate c ON c.id = f.candidate_id, unnest(f.keys) AS key
    WHERE c.merged_into_id IS NULL
    GROUP BY key HAVING count(*) BETWEEN 2 AND %s"""


def _keep(pairs: Mapping[tuple[int, int], Judged], *, of: Iterable[int] | None) -> int:
    """What was found becomes rows; open rows that were looked for and not found go."""
    state = DuplicatePair.State
    with transaction.atomic():
        known = DuplicatePair.objects.all()
        if of is not None:
            ids = list(of)
            known = known.filter(first__in=ids) | known.filter(second__in=ids)
        stored = {(pair.first_id, pair.second_id): pair for pair in known.distinct()}
        gone = [one.pk for pair, one in stored.items() if pair not in pairs and one.state == state.OPEN]
        DuplicatePair.objects.filter(pk__in=gone).delete()
        there = still_there({pk for pair in pairs if pair not in stored for pk in pair})
        new = [
            DuplicatePair(first_id=first, second_id=second, likeness=found.likeness, signs=found.signs)
            for (first, second), found in pairs.items()
            if (first, second) not in stored and {first, second} <= there
        ]
        DuplicatePair.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
        changed = [_renewed(stored[pair], found) for pair, found in pairs.items() if pair in stored]
        DuplicatePair.objects.bulk_update(
            [one for one in changed if one], ["likeness", "signs"], batch_size=1000
        )
    return len(new)


def _renewed(pair: DuplicatePair, found: Judged) -> DuplicatePair | None:
    """The open pair with what speaks for it now; None where nothing changed."""
    if pair.state != DuplicatePair.State.OPEN or (pair.likeness, pair.signs) == (found.likeness, found.signs):
        return None
    pair.likeness, pair.signs = found.likeness, found.signs
    return pair
