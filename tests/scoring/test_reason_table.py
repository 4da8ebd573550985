import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.features import FEATURE_GROUPS, JOB_ONLY_FEATURES
from scoring.reason_table import ABOUT_THE_JOB, DECIMALS, GROUPS, account, group_text
from scoring.reasons import describe

ENGLISH = {
    "group": "english",
    "contribution": -0.4,
    "params": {"has": "basic", "asked": "fluent", "gap": -3.0},
}
STORED = {
    "for": [{"group": "experience", "contribution": 0.5, "params": {"years": 6}}],
    "against": [ENGLISH],
    "base": -2.0,
    "margin": -1.146,
    "groups": {
        "english": -0.4,
        "experience": 0.5,
        "location": 0.25,
        "contact": 0.004,
        "job_record": 0.3,
        "job_profile": 0.2,
    },
}


def test_every_group_of_features_has_a_name():
    assert set(GROUPS) == set(FEATURE_GROUPS)


def about_the_job(feature):
    return feature in JOB_ONLY_FEATURES or feature.startswith(("topic_job_", "topic_title_"))


def test_a_group_is_about_the_job_when_all_its_features_are():
    for name, features in FEATURE_GROUPS.items():
        assert {about_the_job(feature) for feature in features} == {name in ABOUT_THE_JOB}


def test_the_account_reads_from_the_starting_point_to_the_sum():
    found = account(STORED)

    assert found.base == -2.0
    assert [(line.text, line.value, line.told) for line in found.lines] == [
        ("About 6 years of experience in the CV", 0.5, True),
        ("English below what the job asks (basic; asked: fluent)", -0.4, True),
        ("Place of living", 0.25, False),
        ("About the job: the same for everybody here", 0.5, False),
    ]
    assert found.margin == -1.15


def test_bars_run_from_the_middle_to_either_side():
    longest, against, *_others = account(STORED).lines
    assert (longest.bar_start, longest.bar_length) == (50, 48)
    assert (round(against.bar_start, 6), round(against.bar_length, 6)) == (11.6, 38.4)


def test_a_shown_reason_has_the_words_of_the_list():
    for reason in (*STORED["for"], *STORED["against"]):
        assert group_text(STORED, reason["group"]) == describe(reason)


def test_a_group_from_another_program_version_has_a_name_too():
    assert group_text(STORED, "unheard_of") == "Other facts"


def test_words_follow_the_reader():
    with translation.override("pt-br"):
        assert group_text(STORED, "experience") != group_text({}, "experience")


def test_without_a_stored_account_there_is_none():
    assert account({"for": [], "against": []}) is None
    assert account({}) is None


numbers = st.floats(-8, 8, allow_nan=False)


@given(
    base=numbers,
    groups=st.dictionaries(st.sampled_from([*GROUPS, "other"]), numbers),
    told=st.sets(st.sampled_from([*GROUPS])),
)
def test_the_numbers_shown_add_up_to_the_last_digit(base, groups, told):
    stored = {
        "for": [{"group": name, "contribution": groups[name]} for name in sorted(told & groups.keys())],
        "base": base,
        "margin": base + sum(groups.values()),
        "groups": groups,
    }

    found = account(stored)

    shown = [found.base, *(line.value for line in found.lines)]
    cents = [round(value * 10**DECIMALS) for value in shown]
    assert sum(cents) == round(found.margin * 10**DECIMALS)
    assert all(abs(value * 10**DECIMALS - cent) < 1e-6 for value, cent in zip(shown, cents, strict=True))
    assert all(-1 <= line.share <= 1 for line in found.lines)


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_name_is_no_code(group):
    assert "_" not in str(GROUPS[group])
