"""A CV cut into pieces, so that a page can mark the skills found in it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from candidates.quoting import UNSHOWABLE
from candidates.skills import Skill, find_skills, skill

GROUP_NAMES: dict[str, Promise] = {
    "language": _("Languages and runtimes"),
    "framework": _("Frameworks"),
    "web": _("Web"),
    "mobile": _("Mobile"),
    "database": _("Databases"),
    "data": _("Data and analytics"),
    "cloud": _("Cloud"),
    "devops": _("DevOps"),
    "infrastructure": _("Infrastructure"),
    "architecture": _("Architecture"),
    "integration": _("Integration"),
    "sap": _("SAP"),
    "erp": _("ERP"),
    "crm": _("CRM"),
    "automation": _("Automation"),
    "testing": _("Testing"),
    "method": _("Methods"),
    "analysis": _("Analysis"),
    "service": _("Service management"),
    "security": _("Security"),
    "design": _("Design"),
    "office": _("Office"),
    "finance": _("Finance"),
    "people": _("People and payroll"),
    "logistics": _("Purchasing and logistics"),
    "marketing": _("Sales and marketing"),
    "administration": _("Administration"),
    "legal": _("Legal"),
    "engineering": _("Engineering"),
    "sector": _("Sectors"),
}
OTHER_SKILLS = _("Other skills")
MARKED = 100_000  # characters, more than the longest CV seen; a page with marks all over a book does not open


@dataclass(frozen=True)
class Segment:
    """A piece of a text; with a skill, a mention of it. The first mention is where links jump to."""

    text: str
    skill: Skill | None = None
    is_first: bool = False


@dataclass(frozen=True)
class FoundSkill:
    """``mentions``: how often the marked text names it; 0 when another field does, or it is implied."""

    skill: Skill
    mentions: int


@dataclass(frozen=True)
class SkillGroup:
    name: str | Promise
    skills: list[FoundSkill]


def mark_skills(text: str) -> list[Segment]:
    """The whole text in order; joined, the segments' texts are the text again, but for its bullets."""
    text = text.translate(UNSHOWABLE)
    segments: list[Segment] = []
    end, seen = 0, set()
    for match in find_skills(text[:MARKED]):
        if match.start > end:
            segments.append(Segment(text[end : match.start]))
        segments.append(
            Segment(text[match.start : match.end], skill(match.skill), is_first=match.skill not in seen)
        )
        seen.add(match.skill)
        end = match.end
    if end < len(text):
        segments.append(Segment(text[end:]))
    return segments


def count_mentions(segments: Iterable[Segment]) -> Counter[str]:
    return Counter(segment.skill.id for segment in segments if segment.skill)


def skills_by_group(ids: Iterable[str], mentions: Mapping[str, int]) -> list[SkillGroup]:
    """Groups in the order of GROUP_NAMES; inside a group, the most mentioned first."""
    groups: dict[str, list[FoundSkill]] = {}
    for identifier in ids:
        found = skill(identifier)
        group = found.group if found.group in GROUP_NAMES else ""
        groups.setdefault(group, []).append(FoundSkill(found, mentions.get(identifier, 0)))
    names = [*GROUP_NAMES.items(), ("", OTHER_SKILLS)]
    return [
        SkillGroup(name, sorted(groups[group], key=lambda one: (-one.mentions, one.skill.label.casefold())))
        for group, name in names
        if group in groups
    ]
