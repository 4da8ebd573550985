import pytest
from django.urls import reverse

from candidates import veiling
from candidates.duplicates import find_for, search_all
from candidates.models import Candidate, DuplicatePair, Merge
from candidates.viewing import as_user, seen_by
from jobs.models import Stage
from tests.factories import make_candidate, make_job, make_prospect, make_user


def url(name, *args):
    return reverse(f"candidates:{name}", args=args)


def make_pair(**values):
    """Two records of Ana, found; the one with more to tell comes first on pages."""
    first = make_candidate(name="Ana Souza Lima", email="ana@example.com", phone="81 98765-1234", **values)
    second = make_candidate(name="Ana Lima", email="ana@example.com", phone="", **values)
    make_prospect(candidate=first)
    search_all()
    low, high = sorted((first.pk, second.pk))
    return first, second, DuplicatePair.objects.get(first=low, second=high)


@pytest.fixture
def manager(db):
    return make_user("rosa", "Hiring managers")


def test_the_list_shows_open_pairs_with_what_speaks_for_them(page):
    first, second, pair = make_pair()
    text = page.get(url("duplicates")).content.decode()
    for shown in (
        first.name,
        second.name,
        "same e-mail",
        "like name",
        "97 %",
        url("duplicate_pair", pair.pk),
    ):
        assert shown in text


def test_an_empty_list_says_how_duplicates_are_found(page):
    assert "by e-mail, phone, name and CV" in page.get(url("duplicates")).content.decode()


def test_the_list_has_as_many_queries_for_three_pairs_as_for_one(page, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(20) as asked:
            assert page.get(url("duplicates")).status_code == 200
        return len(asked)

    make_pair(city="Recife")
    few = queries()
    for number in range(2):
        for name in ("Rui Costa Neves", "Rui Neves"):
            make_candidate(name=name, email=f"rui{number}@example.com", phone=f"81 9876{number}-1234")
    search_all()
    assert DuplicatePair.objects.count() == 3
    assert queries() == few


def test_the_pair_stands_side_by_side_with_its_differences(page):
    first, second, pair = make_pair()
    text = page.get(url("duplicate_pair", pair.pk)).content.decode()
    assert text.index(first.get_absolute_url()) < text.index(second.get_absolute_url())
    assert 'name="take_name"' in text
    assert 'name="take_email"' not in text  # the same in both
    assert "differs" in text


def test_two_different_people_are_told_apart_and_the_pair_can_be_opened_again(page, recruiter):
    _first, _second, pair = make_pair()
    page.post(url("dismiss_duplicate", pair.pk))
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("dismissed", recruiter)
    assert "No duplicates to decide" in page.get(url("duplicates")).content.decode()
    search_all()
    assert not DuplicatePair.objects.filter(state="open").exists()
    assert "Ana Lima" in page.get(url("duplicates") + "?state=dismissed").content.decode()
    page.post(url("reopen_duplicate", pair.pk), {"next": "https://elsewhere.example.com/"})
    pair.refresh_from_db()
    assert pair.state == "open"


def test_a_merge_takes_what_was_chosen_and_its_undo_is_one_click_away(page):
    kept, absorbed, pair = make_pair()
    sent = {"kept": kept.code, "absorbed": absorbed.code, "take_name": "absorbed", "take_phone": "kept"}
    answer = page.post(url("merge"), sent, follow=True)
    merge = Merge.objects.get()
    assert answer.redirect_chain[0][0] == kept.get_absolute_url()
    assert url("undo_merge", merge.pk) in answer.content.decode()
    kept.refresh_from_db()
    assert (kept.name, kept.phone) == ("Ana Lima", "81 98765-1234")
    assert page.get(absorbed.get_absolute_url())["Location"] == kept.get_absolute_url()
    assert page.get(url("duplicate_pair", pair.pk))["Location"] == kept.get_absolute_url()
    page.post(url("undo_merge", merge.pk))
    assert Candidate.objects.count() == 2
    kept.refresh_from_db()
    assert kept.name == "Ana Souza Lima"


def test_undo_by_htmx_loads_the_page_anew(page):
    kept, absorbed, _pair = make_pair()
    page.post(url("merge"), {"kept": kept.code, "absorbed": absorbed.code})
    sent = {"next": kept.get_absolute_url()}
    answer = page.post(url("undo_merge", Merge.objects.get().pk), sent, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, kept.get_absolute_url())


def test_an_undo_that_is_impossible_says_why(page):
    kept, absorbed, _pair = make_pair()
    job = make_job(title="Analista")
    make_prospect(candidate=kept, job=job)
    moved = make_prospect(candidate=absorbed, job=job, stage=Stage.OFFER)
    page.post(url("merge"), {"kept": kept.code, "absorbed": absorbed.code})
    kept.prospects.filter(job=moved.job).update(stage=Stage.HIRED)
    answer = page.post(url("undo_merge", Merge.objects.get().pk), follow=True)
    assert "was moved or edited in “Analista” since" in answer.content.decode()
    assert Candidate.objects.count() == 1


def test_merging_by_hand_offers_who_is_alike_and_takes_any_code(page):
    first, second, _pair = make_pair()
    other = make_candidate(name="Outra Pessoa")
    text = page.get(url("choose_duplicate", first.code)).content.decode()
    assert second.name in text
    assert other.name not in text
    assert other.name in page.get(url("choose_duplicate", first.code), {"with": other.code}).content.decode()
    assert (
        "No other record has the code"
        in page.get(url("choose_duplicate", first.code), {"with": "nope"}).content.decode()
    )


def test_a_pair_with_somebody_hidden_is_left_out_and_cannot_be_merged(page):
    first, second, pair = make_pair()
    make_prospect(candidate=second, job=make_job(blind=True))
    text = page.get(url("duplicates")).content.decode()
    assert "Ana" not in text
    assert page.get(url("duplicate_pair", pair.pk)).status_code == 403
    sent = {"kept": first.code, "absorbed": veiling.token(second.pk)}
    assert page.post(url("merge"), sent).status_code == 403
    assert page.post(url("dismiss_duplicate", pair.pk)).status_code == 404
    assert Candidate.objects.count() == 2


def test_nobody_hidden_is_found_by_what_only_they_have(recruiter):
    _first, second, _pair = make_pair()
    make_prospect(candidate=second, job=make_job(blind=True))
    asked = {"name": "Ana Lima", "email": "ana@example.com"}
    with seen_by(as_user(recruiter)):
        assert second not in [found.candidate for found in find_for(asked)]
    assert second in [found.candidate for found in find_for(asked)]


def test_a_hiring_manager_neither_merges_nor_compares(client, manager):
    first, second, pair = make_pair()
    client.force_login(manager)
    assert client.get(url("duplicate_pair", pair.pk)).status_code == 403
    assert client.post(url("merge"), {"kept": first.code, "absorbed": second.code}).status_code == 403
    assert "Ana" not in client.get(url("duplicates")).content.decode()
