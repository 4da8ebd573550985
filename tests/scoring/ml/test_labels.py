import numpy as np
import pytest

from scoring.ml import labels

COUNTS = {
    "Prospect": 20021,
    "Encaminhado ao Requisitante": 16122,
    "Inscrito": 3980,
    "Não Aprovado pelo Cliente": 3492,
    "Contratado pela Decision": 2758,
    "Desistiu": 2349,
    "Não Aprovado pelo RH": 1765,
    "Não Aprovado pelo Requisitante": 765,
    "Entrevista Técnica": 579,
    "Sem interesse nesta vaga": 576,
    "Entrevista com Cliente": 469,
    "Em avaliação pelo RH": 375,
    "Contratado como Hunting": 226,
    "Aprovado": 209,
    "Desistiu da Contratação": 59,
    "Documentação PJ": 4,
    "Documentação CLT": 3,
    "Documentação Cooperado": 2,
    "Encaminhar Proposta": 2,
    "Proposta Aceita": 1,
    "Recusado": 2,
}


@pytest.mark.parametrize(
    ("policy", "hires", "others"),
    [
        ("decided", 3205, 9008),
        ("all", 3205, 53759 - 3205),
        ("systemB", 3196, 9008),
        ("systemC", 2970, 53759 - 2970),
    ],
)
def test_each_policy_counts_what_was_measured_in_the_whole_file(policy, hires, others):
    found = labels.label([status for status, n in COUNTS.items() for _ in range(n)], policy)

    assert (int(np.sum(found == 1)), int(np.sum(found == 0))) == (hires, others)
    assert np.isnan(found).sum() == 53759 - hires - others


def test_the_known_statuses_are_the_21_of_the_source():
    assert set(COUNTS) == labels.STATUSES
    assert sum(map(len, (labels.HIRED, labels.REJECTED, labels.WITHDREW, labels.IN_FLIGHT))) == 21


@pytest.mark.parametrize("policy", labels.POLICIES)
@pytest.mark.parametrize("status", ["Não Aprovado pelo Cliente", "Desistiu da Contratação"])
def test_a_status_that_contains_a_good_word_is_no_hire(policy, status):
    assert labels.label([status], policy).tolist() == [0.0]


@pytest.mark.parametrize("status", ["", "Contratado", "aprovado", "Aprovado pelo Cliente", None])
@pytest.mark.parametrize("policy", labels.POLICIES)
def test_an_unknown_status_drops_the_row_under_every_policy(policy, status):
    assert np.isnan(labels.label([status, "Aprovado"], policy)).tolist() == [True, False]
    assert labels.unknown_statuses([status, "Aprovado"]) == {status}


def test_blanks_around_and_decomposed_accents_do_not_matter():
    assert labels.label([" Aprovado ", "Na\u0303o Aprovado pelo RH"], "decided").tolist() == [1.0, 0.0]


def test_in_flight_rows_count_only_where_the_policy_says_so():
    in_flight = sorted(labels.IN_FLIGHT)

    assert np.isnan(labels.label(in_flight, "decided")).all()
    assert np.isnan(labels.label(in_flight, "systemB")).all()
    assert not labels.label(in_flight, "all").any()
    assert not labels.label(in_flight, "systemC").any()


def test_an_unknown_policy_is_refused_with_the_names_there_are():
    with pytest.raises(labels.UnknownPolicy, match=r"“best”.*decided, all, systemB, systemC"):
        labels.label(["Aprovado"], "best")


IN_FLIGHT = ["Prospect", "Entrevista Técnica", "Encaminhado ao Requisitante"]


@pytest.mark.parametrize("policy", ["all", "systemC"])
def test_nobody_in_flight_of_a_young_open_job_is_called_a_failure(policy):
    found = labels.label(
        [*IN_FLIGHT, "Prospect"], policy, job_ages=[0, 30, 74, 75], job_open=[True, True, True, True]
    )

    assert np.isnan(found[:3]).all()
    assert found[3] == 0.0


def test_a_young_job_that_is_over_has_decided_by_its_silence():
    found = labels.label(["Prospect", "Prospect"], "all", job_ages=[10, 10], job_open=[False, True])

    assert found[0] == 0.0
    assert np.isnan(found[1])


@pytest.mark.parametrize("policy", labels.POLICIES)
def test_what_was_decided_in_a_young_job_counts(policy):
    statuses = ["Contratado pela Decision", "Não Aprovado pelo RH", "Desistiu"]

    young = labels.label(statuses, policy, job_ages=[1, 1, 1], job_open=[True, True, True])

    assert young.tolist() == labels.label(statuses, policy).tolist() == [1.0, 0.0, 0.0]


def test_without_ages_nothing_is_young_and_an_unknown_age_is_not():
    assert labels.label(["Prospect"], "all").tolist() == [0.0]
    assert labels.label(["Prospect"], "all", job_ages=[float("nan")]).tolist() == [0.0]


def test_ages_for_other_rows_are_refused():
    with pytest.raises(ValueError, match="1 ages of jobs, but 2 times open"):
        labels.label(["Prospect", "Prospect"], "all", job_ages=[1], job_open=[True, True])
    with pytest.raises(ValueError, match="3 statuses, but 2 ages"):
        labels.label(["Prospect"] * 3, "all", job_ages=[1, 2], job_open=[True, True])


def test_who_withdrew_when_wanted_did_not_accept_and_who_was_hired_did():
    found = labels.accept_label(COUNTS)

    said = dict(zip(COUNTS, found.tolist(), strict=True))
    assert {status for status, value in said.items() if value == 1.0} == labels.HIRED
    assert {status for status, value in said.items() if value == 0.0} == {
        "Desistiu",
        "Desistiu da Contratação",
    }


def test_a_no_on_the_first_call_tells_nothing_of_an_offer():
    assert np.isnan(
        labels.accept_label(["Sem interesse nesta vaga", "Não Aprovado pelo RH", "Prospect", ""])
    ).all()


@pytest.mark.parametrize("policy", labels.POLICIES)
def test_who_withdraws_was_not_hired_under_any_policy(policy):
    assert labels.label(sorted(labels.WITHDREW), policy).tolist() == [0.0, 0.0, 0.0]
