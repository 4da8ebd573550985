"""The groups that give people their roles, and what each may do; made after every migration."""

from typing import Any

from django.apps import apps

from candidates.viewing import GROUPS, Role

READS = ("view",)
# Models and imports are an administrator's; the rest is guarded by the role (candidates.viewing)
PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("add", "change", "delete", "view"),
    Role.AUDITOR: READS,
}
APPS = ("candidates", "jobs", "scoring", "monitoring", "auth", "authtoken")


def make_groups(**_signal: Any) -> None:
    """Groups are found by name; permissions that a company gave a group besides are left alone."""
    from django.contrib.auth.models import Group, Permission

    for name, role in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        verbs = PERMISSIONS.get(role, ())
        if verbs and apps.ready:
            wanted = Permission.objects.filter(content_type__app_label__in=APPS).exclude(
                codename="audit_demographics"
            )
            of_verbs = [permission for permission in wanted if permission.codename.split("_")[0] in verbs]
            group.permissions.add(*of_verbs)
