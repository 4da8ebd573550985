"""Who of a ranked list is wanted, and in which order."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, Func, IntegerField, Max, Q, QuerySet, Value
from django.utils import timezone

from candidates.models import Candidate, Level, Note
from candidates.search import finding
from candidates.search.compiling import visible_names
from candidates.viewing import Viewer
from jobs.models import Outcome, Stage
from scoring.models import Prediction, Ranking
from scoring.ranked_list_entries import Entry
from scoring.ranked_list_rows import stage_since
from scoring.ranked_list_wanted import Wanted
from scoring.reordering import Marks

ACTIVE = "active"
ALL_MET = "all"
NO_OPINION = "none"
LEVELS = [level.value for level in Level if level]
STAGES = {stage.value: place for place, stage in enumerate(Stage)}
LONG_AGO = 10**6

Test = Callable[[Entry], bool]


def matching(
    entries: list[Entry], wanted: Wanted, *, ranking: Ranking | None, viewer: Viewer | None, marks: Marks
) -> list[Entry]:
    """Those that all filters leave; the group is no filter here, so that all groups can be counted."""
    tests = [*_of_entries(wanted, ranking), *_of_rows(entries, wanted, ranking, viewer, marks)]
    return [entry for entry in entries if all(test(entry) for test in tests)] if tests else entries


def _of_entries(wanted: Wanted, ranking: Ranking | None) -> Iterable[Test]:
    if wanted.stage == ACTIVE:
        yield lambda entry: bool(entry.standing and entry.standing.outcome == Outcome.IN_FLIGHT)
    elif wanted.stage:
        yield lambda entry: entry.stage == wanted.stage
    rate = ranking.model_version.metrics.get("base_rate") if ranking else None
    if wanted.band:
        least = float(wanted.band) * (rate or 0)
        yield lambda entry: entry.score is not None and entry.score >= least


def _of_rows(
    entries: list[Entry], wanted: Wanted, ranking: Ranking | None, viewer: Viewer | None, marks: Marks
) -> Iterable[Test]:
    """Filters that the database answers, each with one query."""
    if wanted.asks_candidates:
        keys = set(candidates(entries, wanted, viewer).values_list("pk", flat=True))
        yield lambda entry: entry.candidate_id in keys
    if wanted.met:
        known = set(_meeting(ranking, wanted.met).values_list("pk", flat=True)) if ranking else set()
        yield lambda entry: entry.prediction_id in known
    if wanted.opinion:
        said = marks.verdicts
        opinion = "" if wanted.opinion == NO_OPINION else wanted.opinion
        yield lambda entry: said.get(entry.candidate_id, "") == opinion


def candidates(entries: Iterable[Entry], wanted: Wanted, viewer: Viewer | None) -> QuerySet[Candidate]:
    """Those of the list with what is asked of them; who is hidden is not found by what tells who it is."""
    found = Candidate.objects.filter(pk__in=[entry.candidate_id for entry in entries])
    for identifier in wanted.skill:
        found = found.with_skill(identifier)
    for part in filter(None, map(str.strip, wanted.place.split(","))):
        found = found.filter(Q(city__unaccent__icontains=part) | Q(state__unaccent__icontains=part))
    for language in ("english", "spanish"):
        if level := getattr(wanted, language):
            found = found.filter(**{f"{language}__in": LEVELS[LEVELS.index(level) :]})
    if wanted.seniority:
        found = found.filter(seniority=wanted.seniority)
    return found.filter(_said(wanted.q)) if wanted.q else found


def _said(text: str) -> Q:
    """What the search for candidates would find; of a few words also parts of a name, a city or a state."""
    search = finding.understand(finding.Asked(text))
    wanted = (search.compiled.wanted if search.compiled else None) or Q(pk__in=[])
    if search.is_of_words and not search.parsed.is_plain:
        return wanted
    place = Q(city__unaccent__icontains=text) | Q(state__unaccent__icontains=text)
    return wanted | place | (visible_names() & Q(name__unaccent__icontains=text))


def _meeting(ranking: Ranking, met: str) -> QuerySet[Prediction]:
    stored = Prediction.objects.filter(ranking=ranking)
    if met == ALL_MET:
        return stored.filter(requirements__contains=[{"must": True}]).exclude(
            Q(requirements__contains=[{"must": True, "state": "partly"}])
            | Q(requirements__contains=[{"must": True, "state": "not_met"}])
            | Q(requirements__contains=[{"must": True, "state": "no_data"}])
        )
    kind, _colon, value = met.partition(":")
    return stored.filter(requirements__contains=[{"kind": kind, "value": value, "state": "met"}])


# Order


def ordered(
    entries: list[Entry], wanted: Wanted, *, ranking: Ranking | None, viewer: Viewer | None
) -> list[Entry]:
    """Each group in the order that is asked for; equals keep the order of the list."""
    key = _key(entries, wanted.sort, ranking, viewer)
    return entries if key is None else sorted(entries, key=lambda entry: (_group(entry), key(entry)))


def _group(entry: Entry) -> int:
    return list(type(entry.group)).index(entry.group)


def _key(
    entries: list[Entry], sort: str, ranking: Ranking | None, viewer: Viewer | None
) -> Callable[[Entry], Any] | None:
    if sort in _KEYS:
        return _KEYS[sort]
    if sort == "met":
        met = _met(ranking) if ranking else {}
        return lambda entry: met.get(entry.prediction_id, (1, 1))
    if sort == "contact":
        spoken = _spoken(entries)
        return lambda entry: spoken.get(entry.candidate_id, 0.0)
    if sort == "name":
        names = _names(entries, viewer)
        return lambda entry: names.get(entry.candidate_id, LONG_AGO)
    return None


def _since(entry: Entry) -> int:
    """Who waits longest first; who left the race last."""
    one = entry.standing
    if one is None or one.outcome != Outcome.IN_FLIGHT:
        return LONG_AGO
    since = stage_since(one.stage_since, one.updated_on, one.applied_on)
    return -(timezone.localdate() - since).days if since else LONG_AGO - 1


def _applied(entry: Entry) -> int:
    applied = entry.standing.applied_on if entry.standing else None
    return -applied.toordinal() if applied else LONG_AGO


_KEYS: dict[str, Callable[[Entry], Any]] = {
    "score": lambda entry: -(entry.score if entry.score is not None else -1.0),
    "accept": lambda entry: -(entry.accept if entry.accept is not None else -1.0),
    "stage": lambda entry: _furthest(entry.stage),
    "days": _since,
    "applied": _applied,
}


def _furthest(stage: str) -> int:
    """Who is nearest to being hired first; who is out, and who is no prospect, after all others."""
    if stage in (Stage.REJECTED, Stage.WITHDRAWN):
        return LONG_AGO
    return -STAGES[stage] if stage else LONG_AGO + 1


def _met(ranking: Ranking) -> dict[Any, tuple[float, float]]:
    """Shares of required and of nice things met, negative, by prediction."""
    counted = Prediction.objects.filter(ranking=ranking).annotate(
        must_met=_count(must=True, met=True),
        must=_count(must=True),
        nice_met=_count(must=False, met=True),
        nice=_count(must=False),
    )
    rows = counted.values_list("pk", "must_met", "must", "nice_met", "nice")
    return {pk: (-_share(m, of_m), -_share(n, of_n)) for pk, m, of_m, n, of_n in rows}


def _share(met: int, of: int) -> float:
    return met / of if of else 0.0


def _count(*, must: bool, met: bool = False) -> Func:
    """How many of the stored requirements are such ones, counted where they are stored."""
    state = ' && @.state == "met"' if met else ""
    path = f"$[*] ? (@.must == {str(must).lower()}{state})"
    found = Func(F("requirements"), Value(path), function="jsonb_path_query_array", template=_CAST)
    return Func(found, function="jsonb_array_length", output_field=IntegerField())


_CAST = "%(function)s(%(expressions)s::jsonpath)"


def _spoken(entries: list[Entry]) -> dict[int, float]:
    """When people were last spoken to; never: before all others."""
    contacts = Note.objects.filter(
        candidate__in=[entry.candidate_id for entry in entries], kind__in=Note.CONTACTS
    )
    newest = contacts.order_by().values_list("candidate_id").annotate(last=Max("created_at"))
    return {pk: last.timestamp() for pk, last in newest}


def _names(entries: list[Entry], viewer: Viewer | None) -> dict[int, int]:
    """Places in the order of the names; who is hidden has none and comes last."""
    named = Candidate.objects.filter(pk__in=[entry.candidate_id for entry in entries])
    if viewer is not None:
        named = named.exclude(viewer.hidden)
    keys = named.order_by("name", "code").values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(keys)}
