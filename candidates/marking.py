"""A CV cut into pieces, so that a page can mark the skills found in it."""

from dataclasses import dataclass

from candidates.skills import Skill, find_skills, skill


@dataclass(frozen=True)
class Segment:
    text: str
    skill: Skill | None = None


def mark_skills(text: str) -> list[Segment]:
    """The whole text in order; joined, the segments' texts are the text again."""
    segments, end = [], 0
    for match in sorted(find_skills(text), key=lambda match: match.start):
        if match.start < end:
            continue
        if match.start > end:
            segments.append(Segment(text[end : match.start]))
        segments.append(Segment(text[match.start : match.end], skill(match.skill)))
        end = match.end
    if end < len(text):
        segments.append(Segment(text[end:]))
    return segments


def skills_by_group(ids: list[str]) -> dict[str, list[Skill]]:
    groups: dict[str, list[Skill]] = {}
    for identifier in ids:
        found = skill(identifier)
        groups.setdefault(found.group, []).append(found)
    return groups
