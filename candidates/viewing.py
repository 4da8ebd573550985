"""Who is looking, and what they may see: enforced where rows become objects, so no page can forget it.

The middleware says for each request who looks. Managers of ``ViewedManager`` then leave out rows that person
may not see, and ``candidates.veiling`` hides what they may not read. Commands and workers have no viewer:
they see everything. Code that computes for everybody inside a request (a fingerprint, a score) says so:
``unrestricted()``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

    from candidates.models import ReviewPolicy


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("administrator")
    RECRUITER = "recruiter", _("recruiter")
    HIRING_MANAGER = "hiring_manager", _("hiring manager")
    AUDITOR = "auditor", _("auditor")
    INTEGRATION = "integration", _("integration")
    NONE = "", _("no role")


# A person with several groups has the first of these roles
GROUPS = {
    "Administrators": Role.ADMINISTRATOR,
    "Recruiters": Role.RECRUITER,
    "Auditors": Role.AUDITOR,
    "Hiring managers": Role.HIRING_MANAGER,
    "Integrations": Role.INTEGRATION,
}
SEES_ALL_ROWS = (Role.ADMINISTRATOR, Role.RECRUITER, Role.AUDITOR, Role.INTEGRATION)
CHANGES = (Role.ADMINISTRATOR, Role.RECRUITER)  # jobs, candidates and settings; a manager only gives opinions


def role_of(user: "User | AnonymousUser") -> Role:
    """The role that a person's groups give; a superuser is an administrator, without a group one has none."""
    if not user.is_authenticated or not user.is_active:
        return Role.NONE
    if user.is_superuser:
        return Role.ADMINISTRATOR
    known: Iterable[str] | None = getattr(user, "group_names", None)  # read along with an API key
    own = set(user.groups.values_list("name", flat=True) if known is None else known)
    return next((role for name, role in GROUPS.items() if name in own), Role.NONE)


Hides = Callable[["Viewer"], Iterable[int]]
# What lower apps cannot know, told by upper ones when they start (AppConfig.ready)
identity_hidden_by: list[Hides] = []  # candidates whom blind review hides
identity_shown_by: list[Hides] = []  # of these, whom a stage that was reached shows again
contact_shown_by: list[Hides] = []  # candidates whose contact data a hiring manager may read
own_jobs_by: list[Hides] = []  # jobs of a hiring manager
stages: list[tuple[str, Any]] = []  # of the pipeline in their order, with their names


class Viewer:
    """The person of one request; what they may see is asked once and only when it matters.

    ``user`` is called when it is first needed: a token is checked after the request began.
    """

    job_shown = 0  # the job whose page this is: pseudonyms are those of this job

    def __init__(self, user: Callable[[], "User | AnonymousUser"]) -> None:
        self._user = user
        self.memory: dict[str, Any] = {}  # what upper apps ask the database once for a request

    @cached_property
    def user(self) -> "User | AnonymousUser":
        return self._user()

    @cached_property
    def role(self) -> Role:
        with unrestricted():
            return role_of(self.user)

    @property
    def sees_all_rows(self) -> bool:
        return self.role in SEES_ALL_ROWS

    @property
    def may_change(self) -> bool:
        return self.role in CHANGES

    @cached_property
    def policy(self) -> "ReviewPolicy":
        from candidates.models import ReviewPolicy

        return ReviewPolicy.current()

    @cached_property
    def job_ids(self) -> frozenset[int]:
        """Own jobs, of somebody who sees no others."""
        return self._told(own_jobs_by)

    @cached_property
    def _revealed(self) -> frozenset[int]:
        from candidates.models import AccessEvent

        with unrestricted():
            return frozenset(
                AccessEvent.objects.filter(
                    user_id=self.user.pk or 0, kind=AccessEvent.Kind.REVEAL
                ).values_list("candidate_id", flat=True)
            )

    @cached_property
    def _hidden(self) -> frozenset[int]:
        hidden = self._told(identity_hidden_by)
        return self._with_merged(hidden - self._shown) if hidden else hidden

    @cached_property
    def _shown(self) -> frozenset[int]:
        return self._with_merged(self._revealed | self._told(identity_shown_by))

    @cached_property
    def _reachable(self) -> frozenset[int]:
        return self._told(contact_shown_by)

    def hides_identity(self, candidate_id: int) -> bool:
        """Whether blind review hides who this is from this person."""
        if self.policy.blind_for_all:
            return candidate_id not in self._shown
        return candidate_id in self._hidden

    def hides_contact(self, candidate_id: int) -> bool:
        """Whether e-mail, phone and addresses are hidden; always where the identity is."""
        if self.role == Role.HIRING_MANAGER and candidate_id not in self._reachable:
            return True
        return self.hides_identity(candidate_id)

    @property
    def hides_anybody(self) -> bool:
        """Whether blind review hides anybody at all from this person."""
        return self.policy.blind_for_all or bool(self._hidden)

    @property
    def hidden(self) -> Q:
        """The candidates whose identity is hidden, as a condition on candidates."""
        if self.policy.blind_for_all:
            return ~Q(pk__in=self._shown)
        return Q(pk__in=self._hidden)

    def known_at(self, path: str) -> Q:
        """The condition that the candidate at the end of ``path`` is one whose identity is not hidden."""
        if self.policy.blind_for_all:
            return Q(**{f"{path}__in": self._shown})
        return ~Q(**{f"{path}__in": self._hidden}) if self._hidden else Q()

    def reached_at(self, path: str) -> Q:
        """The same for candidates whose contact data is not hidden."""
        known = self.known_at(path)
        return known & Q(**{f"{path}__in": self._reachable}) if self.role == Role.HIRING_MANAGER else known

    @cached_property
    def _merged(self) -> list[tuple[int, int | None]]:
        """Records that went into another: what still hangs on them tells as much of the person."""
        from candidates.models import Candidate

        with unrestricted():
            rows = Candidate.everyone.filter(merged_into__gt=0).values_list("pk", "merged_into")
            return [(record, kept or 0) for record, kept in rows]

    def _with_merged(self, candidates: frozenset[int]) -> frozenset[int]:
        """These people, and the records that went into theirs."""
        if not candidates:
            return candidates
        return candidates | {record for record, kept in self._merged if kept in candidates}

    def _told(self, sources: list[Hides]) -> frozenset[int]:
        with unrestricted():
            return frozenset(pk for source in sources for pk in source(self))


_current: ContextVar[Viewer | None] = ContextVar("viewer")


def current() -> Viewer | None:
    """Who looks; None where nobody does (a command, a worker) or where code computes for everybody."""
    return _current.get(None)


def _nobody_yet() -> bool:
    """Whether no request and no computation for everybody has begun: code runs that is being imported."""
    try:
        _current.get()
    except LookupError:
        return True
    return False


@contextmanager
def seen_by(viewer: Viewer | None) -> Iterator[None]:
    token = _current.set(viewer)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def unrestricted() -> Iterator[None]:
    """For what must not depend on who looks; also as a decorator. Never for what a page shows."""
    with seen_by(None):
        yield


def in_job(job_id: int) -> None:
    """This page shows people as candidates for that job: they have the pseudonyms of the job."""
    viewer = current()
    if viewer is not None:
        viewer.job_shown = job_id


def as_user(user: "User") -> Viewer:
    return Viewer(lambda: user)


AnyModel = TypeVar("AnyModel", bound=models.Model)


if TYPE_CHECKING:

    class _QuerySet(models.QuerySet[AnyModel]):
        """The methods that querysets have and Django's types leave out."""

        def _clone(self) -> Self: ...
        def _values(self, *fields: Any, **expressions: Any) -> Self: ...
        def _iterator(self, *args: Any) -> Iterator[Any]: ...
        def _filter_or_exclude_inplace(self, negate: bool, args: Any, kwargs: Any) -> None: ...

else:
    _QuerySet = models.QuerySet


class ViewedQuerySet(_QuerySet[AnyModel]):
    """Rows that not everybody may see.

    ``through_job`` and ``through_candidate`` name the ways to the job and to the candidate ("" for none): a
    hiring manager sees the rows of own jobs, and those of candidates who stand in one.
    """

    through_job = ""
    through_candidate = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made_for_nobody = _nobody_yet()

    def _clone(self) -> Self:
        """One made in the body of a class or a form is for whoever uses it later."""
        clone = super()._clone()
        if self._made_for_nobody and current() is not None:
            clone._made_for_nobody = False
            return clone.visible()
        clone._made_for_nobody = self._made_for_nobody
        return clone

    def visible(self) -> Self:
        viewer = current()
        return self if viewer is None else self.visible_to(viewer)

    def visible_to(self, viewer: Viewer) -> Self:
        if viewer.sees_all_rows:
            return self
        if viewer.role != Role.HIRING_MANAGER:
            return self.none()
        wanted = Q()
        if self.through_job:
            wanted &= Q(**{f"{self.through_job}__in": viewer.job_ids})
        if self.through_candidate:
            wanted &= Q(**{f"{self.through_candidate}__in": _in_jobs(viewer.job_ids)})
        return self.filter(wanted)

    def _values(self, *fields: Any, **expressions: Any) -> Any:
        """Tuples and dicts pass by the veil: within a request they may not hold what it may have to hide."""
        if current() is not None:
            from candidates.guarding import refuse_identity

            refuse_identity(self.model, fields)
        return super()._values(*fields, **expressions)

    def _fetch_all(self) -> None:
        self._refuse_computed_identity()
        super()._fetch_all()

    def _iterator(self, *args: Any) -> Iterator[Any]:
        self._refuse_computed_identity()
        return super()._iterator(*args)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if current() is not None:
            from candidates.guarding import refuse_computed

            refuse_computed(self.annotate(*args, **kwargs).query)
        return super().aggregate(*args, **kwargs)

    def _refuse_computed_identity(self) -> None:
        """Nor may an expression bring out what the veil hides: it is added to an object after loading."""
        if current() is not None and self._result_cache is None:
            from candidates.guarding import refuse_computed

            refuse_computed(self.query)

    def _filter_or_exclude_inplace(self, negate: bool, args: Any, kwargs: Any) -> None:
        """Whose identity is hidden is not found by it either."""
        if (viewer := current()) is not None:
            from candidates.guarding import not_finding_hidden

            args, kwargs = (not_finding_hidden(Q(*args, **kwargs), self.model, viewer),), {}
        super()._filter_or_exclude_inplace(negate, args, kwargs)

    def order_by(self, *fields: Any) -> Self:
        """Where somebody hidden stands in an order by name would tell the name: they stand before all."""
        if (viewer := current()) is not None:
            from candidates.guarding import not_placing_hidden

            fields = tuple(not_placing_hidden(field, self.model, viewer) for field in fields)
        return super().order_by(*fields)

    def bulk_update(self, objs: Iterable[AnyModel], *args: Any, **kwargs: Any) -> int:
        objs = tuple(objs)
        fields = kwargs.get("fields", args[0] if args else ())
        for one in objs:
            if refuse := getattr(one, "refuse_to_store", None):
                refuse(fields)
        return super().bulk_update(objs, *args, **kwargs)


def _in_jobs(job_ids: Iterable[int]) -> Any:
    """Candidates who stand in one of these jobs; by the relation's name, for jobs are an upper app's."""
    from candidates.models import Candidate

    return Candidate._base_manager.filter(prospects__job__in=job_ids).values("pk")


class ViewedManager(models.Manager[AnyModel]):
    def get_queryset(self) -> Any:
        found: Any = super().get_queryset()
        return found.visible()
