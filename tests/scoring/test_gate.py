from functools import partial

import numpy as np
import pytest

from candidates.models import Candidate
from jobs.models import Prospect
from scoring import answers, gate, registry
from scoring.gate import NotPromotable, Standing
from scoring.models import ModelVersion, Promotion
from tests.at_once import at_once
from tests.factories import make_version
from tests.scoring.judged import BLIND, Learner, damage, recipe, tell_groups, with_cut

pytestmark = pytest.mark.django_db

State = ModelVersion.State
COMPARED = ["files", "figures", "champion", "rows", "f1", "average_precision", "brier", "calibration"]


@pytest.fixture
def learner():
    return Learner()


def check(verdict, name):
    return next((one for one in verdict["checks"] if one["name"] == name), None)


def failed(verdict):
    return [one["name"] for one in verdict["checks"] if one["passed"] is False]


# Judging


def test_the_first_version_passes_when_its_own_figures_can_be_read(learner):
    version = learner.version()

    verdict = gate.judge(version)

    assert verdict["passed"]
    assert verdict["champion"] is None
    assert [(one["name"], one["passed"]) for one in verdict["checks"]] == [
        ("files", True),
        ("figures", True),
        ("fairness", None),
    ]
    version.refresh_from_db()
    assert version.verdict == verdict
    assert gate.standing(version, None) == Standing.PASSED


def test_a_good_version_beside_an_equal_one_passes(learner):
    champion, version = learner.version(state=State.CHAMPION), learner.version()

    verdict = gate.judge(version)

    assert verdict["passed"], failed(verdict)
    assert verdict["champion"] == champion.number
    assert [one["name"] for one in verdict["checks"]][: len(COMPARED)] == COMPARED
    precision = check(verdict, "average_precision")
    assert precision["challenger"] == pytest.approx(precision["champion"], abs=1e-12)
    assert precision["challenger"] == pytest.approx(version.metrics["average_precision"], abs=1e-12)
    assert (precision["low"], precision["high"]) == (0.0, 0.0)


def test_the_champion_s_answers_are_those_it_gave_when_it_was_measured(learner):
    """Features made anew from the stored rows, the champion's own words, and no others."""
    version = learner.version()
    model = registry.artifact(version)
    held = answers.holdout(model)

    said, known = answers.answers(model, held.rows, events=answers.history())

    assert len(held.rows) > 50
    np.testing.assert_allclose(said.p, held.said.p, rtol=0, atol=1e-12)
    np.testing.assert_allclose(said.raw, held.said.raw, rtol=0, atol=1e-12)
    np.testing.assert_allclose(said.order, held.said.order, rtol=0, atol=1e-12)
    stubs = set(Candidate.objects.filter(is_stub=True).values_list("pk", flat=True))
    assert known.tolist() == [pk not in stubs for pk in held.rows.candidates.tolist()]


def test_a_version_that_knows_nothing_does_not_pass(learner):
    learner.version(state=State.CHAMPION)

    verdict = gate.judge(learner.version(BLIND))

    assert not verdict["passed"]
    assert {"average_precision", "inside_auc"} <= set(failed(verdict))
    worse = check(verdict, "average_precision")
    assert worse["challenger"] < worse["champion"]
    assert worse["low"] < worse["high"] < 0
    assert check(verdict, "evidence")["passed"] is False


def test_a_better_version_passes(learner):
    learner.version(BLIND, state=State.CHAMPION)

    verdict = gate.judge(learner.version())

    assert verdict["passed"], failed(verdict)
    assert check(verdict, "average_precision")["low"] > 0


def test_an_f1_under_the_share_of_the_champion_s_does_not_pass(learner, settings):
    learner.version(state=State.CHAMPION, change=with_cut(0.3), threshold_attainable=True)
    version = learner.version(change=with_cut(0.95))

    verdict = gate.judge(version)

    f1 = check(verdict, "f1")
    assert f1["passed"] is False
    assert f1["limit"] == pytest.approx(0.95 * f1["champion"])
    assert f1["challenger"] < f1["limit"]
    settings.GATE_F1_PERCENT = 0
    assert check(gate.judge(version), "f1")["passed"] is True


def test_two_cuts_that_mark_nobody_have_no_f1_to_lose(learner):
    learner.version(state=State.CHAMPION, change=with_cut(1.1), threshold_attainable=True)

    f1 = check(gate.judge(learner.version(change=with_cut(1.1))), "f1")

    assert (f1["passed"], f1["challenger"], f1["champion"]) == (True, 0.0, 0.0)
    assert f1["note"]["id"].startswith("Neither cut marks anybody")


def test_a_cut_that_marks_nobody_loses_to_one_that_marks_somebody(learner):
    learner.version(state=State.CHAMPION, change=with_cut(0.3), threshold_attainable=True)

    assert check(gate.judge(learner.version(change=with_cut(1.1))), "f1")["passed"] is False


def test_a_cut_that_keeps_no_promise_is_no_yardstick(learner):
    """It marks everybody and has a fair F1: both are then measured by as many as were hired."""
    learner.version(BLIND, state=State.CHAMPION, change=with_cut(0.0), threshold_attainable=False)
    version = learner.version(change=with_cut(0.95))

    f1 = check(gate.judge(version), "f1")

    assert f1["passed"]
    assert "as many applications as were hired" in f1["note"]["id"]
    held = answers.holdout(registry.artifact(version))
    best = np.argsort(-held.said.raw)[: int(held.y.sum())]
    assert f1["challenger"] == pytest.approx(held.y[best].mean())
    ModelVersion.objects.champion().delete()
    learner.version(state=State.CHAMPION, threshold_attainable=False)
    assert check(gate.judge(learner.version(BLIND)), "f1")["passed"] is False


def test_only_the_champion_of_the_same_recipe_counts(learner):
    learner.version(recipe(name="forest"), state=State.CHAMPION)

    assert gate.judge(learner.version(BLIND))["champion"] is None


# What cannot be read fails


def test_damaged_files_do_not_pass(learner):
    version = learner.version()
    damage(version)

    verdict = gate.judge(version)

    assert (verdict["passed"], failed(verdict)) == (False, ["files"])
    assert "not those that were saved" in check(verdict, "files")["note"]["id"]


@pytest.mark.parametrize("metrics", [{}, {"roc_auc": 0.8}, {"roc_auc": None, "average_precision": "x"}])
def test_a_version_without_figures_does_not_pass(learner, metrics):
    verdict = gate.judge(learner.version(metrics=metrics))

    assert failed(verdict) == ["figures"]


def test_a_champion_with_damaged_files_fails_closed(learner):
    damage(learner.version(state=State.CHAMPION))

    verdict = gate.judge(learner.version())

    assert failed(verdict) == ["champion"]
    assert check(verdict, "average_precision") is None


def test_files_altered_after_this_process_read_them_are_noticed(learner):
    champion = learner.version(state=State.CHAMPION)
    registry.artifact(champion)
    damage(champion)

    assert failed(gate.judge(learner.version())) == ["champion"]


def test_a_champion_without_figures_fails_closed(learner):
    learner.version(state=State.CHAMPION, metrics={"roc_auc": 0.9})

    verdict = gate.judge(learner.version())

    assert failed(verdict) == ["champion"]
    assert "missing" in check(verdict, "champion")["note"]["id"]


def test_a_champion_without_files_fails_closed(learner):
    make_version()

    assert failed(gate.judge(learner.version())) == ["champion"]


def test_a_champion_without_its_words_fails_closed(learner):
    learner.version(state=State.CHAMPION, arrays={"text_idf": np.zeros(0)})

    assert failed(gate.judge(learner.version())) == ["champion"]


def test_a_judgement_that_breaks_off_fails_and_stops_nobody(learner, monkeypatch, caplog):
    def explode(*args, **values):
        raise RuntimeError("Ana Prado")

    monkeypatch.setattr("scoring.judging.find", explode)

    verdict = gate.judge(learner.version())

    assert failed(verdict) == ["measured"]
    assert "could not be judged" in caplog.text
    assert "Ana Prado" not in caplog.text


# Which rows


def test_rows_the_champion_may_have_learned_from_are_left_out(learner):
    later = learner.jobs[-20].requested_on
    champion = learner.version(state=State.CHAMPION, test_start=later)
    version = learner.version(test_start=learner.jobs[-40].requested_on)

    verdict = gate.judge(version)

    rows = verdict["rows"]
    assert rows["seen"] > 50
    assert rows["used"] == rows["rows"] - rows["seen"]
    assert any("may have learned" in note["id"] for note in verdict["notes"])
    assert verdict["champion"] == champion.number


def test_too_few_rows_that_are_new_to_both_fail_closed(learner):
    learner.version(state=State.CHAMPION, test_start=learner.jobs[-6].requested_on)

    verdict = gate.judge(learner.version())

    assert failed(verdict) == ["rows"]
    assert check(verdict, "rows")["challenger"] < gate.judging.FEWEST
    assert check(verdict, "f1") is None


def test_people_who_are_gone_are_left_out(learner):
    learner.version(state=State.CHAMPION)
    version = learner.version()
    held = answers.holdout(registry.artifact(version))
    gone = int(held.rows.candidates[0])
    Prospect.objects.filter(candidate=gone).delete()
    Candidate.objects.get(pk=gone).delete()

    verdict = gate.judge(version)

    lost = int((held.rows.candidates == gone).sum())
    assert verdict["rows"]["gone"] == lost
    assert verdict["rows"]["used"] == len(held.rows) - lost
    assert any("is gone" in note["id"] for note in verdict["notes"])


def test_other_labels_take_a_person_s_decision_and_the_challenger_s_are_used(learner):
    learner.version(state=State.CHAMPION, policy="decided")
    version = learner.version()

    verdict = gate.judge(version)

    note = next(note for note in verdict["notes"] if "count hires differently" in note["id"])
    assert note["params"] == {"challenger": "all", "champion": "decided"}
    held = answers.holdout(registry.artifact(version))
    assert verdict["rows"]["hires"] == int(held.y.sum())
    assert "labels" in failed(verdict)
    assert check(verdict, "average_precision")["champion"] is not None


# Fairness


def favoured():
    """Women are those without the skill that is asked for most."""
    people = list(Candidate.objects.filter(is_stub=False).order_by("pk"))
    return people, {person.pk: "Feminino" if n % 2 else "Masculino" for n, person in enumerate(people)}


def test_without_known_groups_fairness_stops_nobody_and_says_so(learner):
    verdict = gate.judge(learner.version())

    assert check(verdict, "fairness")["passed"] is None
    assert "Too few people" in check(verdict, "fairness")["note"]["id"]


def test_impact_ratios_go_into_the_card_and_other_entries_stay(learner):
    people, sex = favoured()
    tell_groups(people, lambda person: sex[person.pk])
    version = learner.version()
    ModelVersion.objects.filter(pk=version.pk).update(card={"limits": ["x"]})

    gate.judge(version)

    card = ModelVersion.objects.get(pk=version.pk).card
    assert card["limits"] == ["x"]
    block = card["fairness"]["blocks"][0]
    assert (block["attribute"], block["measure"]) == ("sex", "above_median")
    held = answers.holdout(registry.artifact(version))
    mine = np.array([sex.get(pk, "") for pk in held.rows.candidates.tolist()])
    above = held.said.raw > np.median(held.said.raw)
    by_name = {one["name"]: one for one in block["categories"]}
    for name, word in (("female", "Feminino"), ("male", "Masculino")):
        assert by_name[name]["n"] == int((mine == word).sum())
        assert by_name[name]["hits"] == int(above[mine == word].sum())
    assert block["unknown"] == int((mine == "").sum())


def low_for_women(learner, version):
    """Tells the groups so that the version scores women low: they are whom it scores under the median."""
    held = answers.holdout(registry.artifact(version))
    score = {}
    for pk, raw in zip(held.rows.candidates.tolist(), held.said.raw.tolist(), strict=True):
        score.setdefault(pk, []).append(raw)
    middle = np.median(held.said.raw)
    tell_groups(
        Candidate.objects.filter(pk__in=score),
        lambda person: "Feminino" if np.mean(score[person.pk]) < middle else "Masculino",
    )


def test_a_first_version_with_a_surely_low_ratio_does_not_pass(learner):
    version = learner.version()
    low_for_women(learner, version)

    verdict = gate.judge(version)

    assert failed(verdict) == ["fairness"]
    fairness = check(verdict, "fairness")
    assert fairness["challenger"] < 0.8
    assert fairness["where"]["category"] == "female"


def test_a_low_ratio_that_the_champion_has_too_does_not_stop_a_version(learner):
    learner.version(state=State.CHAMPION)
    version = learner.version()
    low_for_women(learner, version)

    verdict = gate.judge(version)

    assert verdict["passed"], failed(verdict)
    version.refresh_from_db()
    assert version.card["fairness"]["flagged"] > 0


def test_a_low_ratio_that_the_champion_has_not_stops_a_version(learner):
    learner.version(BLIND, state=State.CHAMPION)
    version = learner.version()
    low_for_women(learner, version)

    verdict = gate.judge(version)

    assert failed(verdict) == ["fairness"]


def test_the_limit_is_a_setting(learner, settings):
    version = learner.version()
    low_for_women(learner, version)
    settings.FAIRNESS_PERCENT = 0

    assert gate.judge(version)["passed"]


# Promoting


@pytest.fixture
def two():
    """The version in use, and a challenger that passed beside it."""
    old = Learner().version(state=State.CHAMPION)
    new = challenger(old)
    return old, new


def challenger(old, **verdict):
    """With the same files as ``old``, under another number."""
    return make_version(
        state=State.CHALLENGER,
        verdict={"passed": True, "champion": old.number, "checks": []} | verdict,
        artifact_path=old.artifact_path,
        sha256=old.sha256,
    )


def test_a_version_that_passed_serves_without_a_reason(two, administrator):
    old, new = two

    promotion = gate.promote(new, by=administrator)

    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.state, old.state) == (State.CHAMPION, State.RETIRED)
    assert (new.promoted_by, new.promotion_reason) == (administrator, gate.PASSED)
    assert new.promoted_at is not None
    assert promotion == Promotion.objects.get()
    assert (promotion.version, promotion.replaced, promotion.by) == (new, old, administrator)
    assert (promotion.overruled, promotion.verdict) == (False, new.verdict)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ({"passed": False}, "did not pass"),
        ({"champion": 99999}, "beside another version"),
        ({"passed": None}, "not judged yet"),
        ({"passed": "yes"}, "not judged yet"),
    ],
)
def test_against_the_gate_it_takes_a_decision_and_a_reason(two, administrator, verdict, words):
    old, _ = two
    new = challenger(old, **verdict)

    with pytest.raises(NotPromotable, match=words):
        gate.promote(new, by=administrator, reason="I know better")
    with pytest.raises(NotPromotable, match="Write down why"):
        gate.promote(new, by=administrator, reason="  \n", overrule=True)
    assert ModelVersion.objects.champion() == old
    assert not Promotion.objects.exists()

    promotion = gate.promote(new, by=administrator, reason=" I know better ", overrule=True)

    assert (promotion.overruled, promotion.reason) == (True, "I know better")
    assert ModelVersion.objects.champion() == new


@pytest.mark.parametrize("reason", ["\u200b", "\u2060\ufeff \u00ad", "…!?", "\u2800", "\u3164\uffa0"])
def test_a_reason_that_nobody_can_read_is_none(two, administrator, reason):
    old, new = two
    gate.promote(new, reason=reason)
    assert Promotion.objects.get().reason == gate.PASSED
    old.refresh_from_db()

    for version in (old, challenger(old, passed=False)):
        with pytest.raises(NotPromotable, match="at least one letter or digit"):
            gate.promote(version, by=administrator, reason=reason, overrule=True)
    assert ModelVersion.objects.champion() == new


def test_a_reason_in_any_script_is_one(two, administrator):
    old, new = two
    gate.promote(new)
    old.refresh_from_db()
    assert gate.promote(old, by=administrator, reason="\u200bнет").reason == "\u200bнет"


def test_going_back_needs_a_reason_and_no_verdict(two, administrator):
    old, new = two
    gate.promote(new)
    old.refresh_from_db()
    assert gate.standing(old, new) == Standing.ROLL_BACK

    with pytest.raises(NotPromotable, match="Write down why"):
        gate.promote(old, by=administrator)
    promotion = gate.promote(old, by=administrator, reason="The new one is slow.")

    assert ModelVersion.objects.champion() == old
    assert (promotion.replaced, promotion.overruled) == (new, False)
    assert Promotion.objects.count() == 2


def test_what_serves_already_is_not_promoted_again(two):
    with pytest.raises(NotPromotable, match="in use already"):
        gate.promote(two[0], reason="again", overrule=True)


def test_damaged_files_are_not_promoted_by_anybody(two, administrator):
    old, new = two
    damage(new)

    with pytest.raises(NotPromotable):
        gate.promote(new, by=administrator, reason="all the same", overrule=True)

    assert ModelVersion.objects.champion() == old


def test_other_recipes_are_left_alone(two):
    bystander = make_version(recipe="prec80")

    gate.promote(two[1])

    bystander.refresh_from_db()
    assert bystander.state == State.CHAMPION


def test_a_verdict_read_before_the_lock_does_not_count(two):
    """The row is read again: what a page held in memory may be old."""
    _, new = two
    ModelVersion.objects.filter(pk=new.pk).update(verdict={"passed": False, "champion": two[0].number})

    with pytest.raises(NotPromotable, match="did not pass"):
        gate.promote(new)


def promoted_at_once(versions, **values):
    return at_once(*(partial(gate.promote, version, **values) for version in versions))


@pytest.mark.django_db(transaction=True)
def test_of_many_that_passed_one_serves_and_the_others_are_outdated():
    old = Learner().version(state=State.CHAMPION)
    versions = [challenger(old) for _ in range(4)]

    failures = promoted_at_once(versions)

    assert ModelVersion.objects.filter(state=State.CHAMPION).count() == 1
    assert Promotion.objects.count() == 1
    assert len(failures) == 3
    assert all("beside another version" in str(error) for error in failures)


@pytest.mark.django_db(transaction=True)
def test_of_many_decisions_at_once_each_is_kept_and_one_version_is_left_in_use():
    old = Learner().version(state=State.CHAMPION)
    versions = [challenger(old) for _ in range(4)]

    failures = promoted_at_once(versions, reason="at once", overrule=True)

    assert failures == []
    assert ModelVersion.objects.filter(state=State.CHAMPION).count() == 1
    assert ModelVersion.objects.filter(state=State.RETIRED).count() == 4
    chain = list(Promotion.objects.order_by("pk"))
    assert [one.replaced for one in chain[1:]] == [one.version for one in chain[:-1]]
