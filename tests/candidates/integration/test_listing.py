import datetime
from itertools import chain
from urllib.parse import parse_qs, urlsplit

import django_filters
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIRequestFactory, force_authenticate

from candidates.integration.filters import ChoicesFilter, FilterSet, MomentFilter, ValuesFilter, YesNoFilter
from candidates.integration.listing import Listing, Sort
from candidates.integration.sparse import SparseModel
from candidates.models import Candidate, Change, Seniority
from tests.factories import make_candidate

FIRST = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


class PersonSerializer(SparseModel):
    class Meta:
        model = Candidate
        fields = ("code", "city", "salary_monthly", "cv_text", "source_created_at")


class PersonFilter(FilterSet):
    city = django_filters.CharFilter()
    seniority = ChoicesFilter(Seniority.choices)
    state = ValuesFilter()
    stub = YesNoFilter(field_name="is_stub")
    is_stub = django_filters.BooleanFilter()
    made = MomentFilter(field_name="created_at", lookup_expr="gte")


class People(Listing):
    queryset = Candidate.objects.all()
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    kind = Change.Kind.CANDIDATE
    sorts = {
        "id": Sort("pk"),
        "city": Sort("city"),
        "salary": Sort("salary_monthly", nullable=True),
        "source_created": Sort("source_created_at", nullable=True),
    }
    on_request = ("cv_text",)
    loads = {"cv_text": ("cv_text",)}


@pytest.fixture
def ask(recruiter):
    def ask(query=""):
        url = query if query.startswith("http") else f"/people?{query}"
        request = APIRequestFactory().get(url)
        force_authenticate(request, recruiter)
        return People.as_view()(request)

    return ask


def codes(response):
    return [row["code"] for row in response.data["results"]]


def walk(ask, query, link="next"):
    """All pages from the first on, as codes."""
    response, found = ask(query), []
    while True:
        found.append(codes(response))
        if response.data[link] is None:
            return found
        response = ask(response.data[link])


@pytest.mark.parametrize("sort", ["id", "-id", "city", "-city", "salary", "-salary", "-source_created"])
def test_pages_hold_everybody_once_in_order(ask, sort):
    for number in range(13):
        make_candidate(
            code=f"P{number}",
            city="ABC"[number % 3],
            salary_monthly=None if number % 4 == 0 else 1000 + number % 5,
            source_created_at=None if number % 5 == 0 else FIRST + datetime.timedelta(days=number % 4),
        )
    whole = codes(ask(f"sort={sort}&limit=200"))
    pages = walk(ask, f"sort={sort}&limit=4")
    assert [len(page) for page in pages] == [4, 4, 4, 1]
    assert list(chain.from_iterable(pages)) == whole
    assert len(set(whole)) == 13


@pytest.mark.parametrize("sort", ["-id", "city", "salary", "-salary"])
def test_pages_lead_back_the_way_they_came(ask, sort):
    for number in range(10):
        salary = None if number % 3 == 0 else 1000 + number % 4
        make_candidate(code=f"P{number}", city="AB"[number % 2], salary_monthly=salary)
    whole = codes(ask(f"sort={sort}"))
    last = ask(f"sort={sort}&limit=3")
    while last.data["next"]:
        last = ask(last.data["next"])
    back = [codes(last)]
    while last.data["previous"]:
        last = ask(last.data["previous"])
        back.insert(0, codes(last))
    assert list(chain.from_iterable(back)) == whole


def test_rows_without_a_value_come_last_in_both_directions(ask):
    make_candidate(code="none", salary_monthly=None)
    make_candidate(code="low", salary_monthly=1)
    make_candidate(code="high", salary_monthly=9)
    assert codes(ask("sort=salary")) == ["low", "high", "none"]
    assert codes(ask("sort=-salary")) == ["high", "low", "none"]


def test_what_is_added_or_removed_between_pages_moves_nobody(ask):
    people = [make_candidate(code=f"P{number}", city=f"{number:02}") for number in range(1, 7)]
    first = ask("sort=city&limit=2")
    make_candidate(code="before", city="00")
    make_candidate(code="after", city="99")
    people[1].delete()  # the very row that the cursor stands on
    people[3].delete()
    assert codes(first) == ["P1", "P2"]
    assert walk(ask, first.data["next"]) == [["P3", "P5"], ["P6", "after"]]


@pytest.mark.parametrize("change", [lambda cursor: "x", lambda cursor: "", lambda cursor: cursor[:-2] + "AA"])
def test_a_broken_cursor_is_refused(ask, change):
    make_candidate()
    make_candidate()
    url = ask("limit=1").data["next"]
    cursor = parse_qs(urlsplit(url).query)["cursor"][0]
    response = ask(f"limit=1&cursor={change(cursor)}")
    assert response.status_code == 400
    assert [error["field"] for error in response.data["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "more", ["&city=Recife", "&sort=city", "&sort=-id", "&updated_since=2020-01-01T00:00:00Z"]
)
def test_a_cursor_belongs_to_its_filters_and_order(ask, more):
    make_candidate()
    make_candidate()
    following = ask("limit=1").data["next"]
    assert ask(following).status_code == 200
    assert ask(following + "&fields=code").status_code == 200
    assert ask(following + more).status_code == 400


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("citty=Recife", "citty", "city"),
        ("colour=red", "colour", "There are: city"),
        ("limit=0", "limit", "from 1 to 200"),
        ("limit=201", "limit", "from 1 to 200"),
        ("limit=ten", "limit", "from 1 to 200"),
        ("sort=citi", "sort", "city"),
        ("fields=code,cty", "fields", "city"),
        ("fields=", "fields", "no value"),
        ("fields=,", "fields", "at least one"),
        ("city=", "city", "no value"),
        ("stub=yes", "stub", "true or false"),
        ("is_stub=yes", "is_stub", "true or false"),
        ("made=2026-03-10", "made", "RFC 3339"),
        (f"state={'x' * 121}", "state", "none of"),
        ("expand=code", "expand", "cv_text"),
        ("city=a&city=b", "city", "twice"),
        ("seniority=boss", "seniority", "junior"),
        ("city=%00", "city", "NUL"),
        ("updated_since=yesterday", "updated_since", "RFC 3339"),
        ("updated_since=2026-03-10T12:00:00", "updated_since", "RFC 3339"),
        ("updated_since=2026-02-31T12:00:00Z", "updated_since", "RFC 3339"),
    ],
)
def test_a_wrong_parameter_is_named_and_told_what_would_be_right(ask, query, field, says):
    response = ask(query)
    assert response.status_code == 400
    assert [error["field"] for error in response.data["errors"]] == [field]
    assert says in response.data["errors"][0]["detail"]


def test_a_refused_value_is_not_repeated(ask):
    assert "Maria" not in str(ask("seniority=Maria").data)


def test_of_several_values_of_a_filter_one_is_enough(ask):
    make_candidate(code="j", seniority="junior")
    make_candidate(code="s", seniority="senior")
    make_candidate(code="m", seniority="manager")
    assert codes(ask("seniority=junior&seniority=senior")) == ["j", "s"]


def test_only_the_fields_asked_for_are_told_and_loaded(ask):
    make_candidate(code="P1")
    with CaptureQueriesContext(connection) as usual:
        assert set(ask().data["results"][0]) == {"code", "city", "salary_monthly", "source_created_at"}
    assert '"cv_text"' not in usual[-1]["sql"]
    assert ask("fields=code,city").data["results"] == [{"code": "P1", "city": "Recife"}]
    assert "cv_text" in ask("expand=cv_text").data["results"][0]
    assert "java" in ask("fields=cv_text").data["results"][0]["cv_text"]


def test_a_page_costs_as_many_queries_whatever_its_length(ask):
    def queries():
        with CaptureQueriesContext(connection) as made:
            ask("limit=200&expand=cv_text")
        return len(made)

    make_candidate()
    few = queries()
    for _ in range(20):
        make_candidate()
    assert queries() == few


def test_what_changed_since_is_found_by_when_it_was_written(ask):
    make_candidate(code="old")
    new = make_candidate(code="new")
    Change.objects.exclude(object_id=new.pk).update(at=FIRST)
    Change.objects.filter(object_id=new.pk).update(at=FIRST + datetime.timedelta(hours=1))
    assert codes(ask("updated_since=2026-03-01T12:30:00Z")) == ["new"]
    assert codes(ask("updated_since=2026-03-01T10:00:00%2B01:00")) == ["old", "new"]
    assert codes(ask("updated_since=2026-03-01T14:30:00+02:00")) == ["new"]
    assert codes(ask("updated_since=2026-03-01T13:00:00.000001Z")) == []


def test_filters_by_kind_of_value(ask):
    make_candidate(code="a", state="Bahia", is_stub=True, created_at=FIRST)
    make_candidate(code="b", state="Pernambuco", created_at=FIRST + datetime.timedelta(hours=2))
    assert codes(ask("stub=true")) == ["a"]
    assert codes(ask("stub=false")) == ["b"]
    assert codes(ask("made=2026-03-01T13:00:00Z")) == ["b"]
    assert codes(ask("made=2026-03-01T13:00:00+01:00")) == ["a", "b"]
    assert codes(ask("state=Bahia&state=Nowhere")) == ["a"]
