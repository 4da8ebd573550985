import numpy as np
import pandas as pd
import pytest

from scoring.ml import features as facade
from scoring.ml.features import (
    FEATURE_GROUPS,
    FEATURES,
    JOB_ONLY_FEATURES,
    SYSTEM_B_FEATURES,
    TOPIC_FEATURES,
    CandidateBlock,
    JobBlock,
    build_features,
    prepare_candidates,
    prepare_jobs,
)
from scoring.ml.schema import SchemaError
from tests.scoring.ml.frames import candidates, events, features, jobs, pairs, text_model

SKILLS = ["java", "sap", "sql", "python"]


def company(people=40, work=8):
    """Somewhat of everything, by a fixed seed; one person in six is a stub."""
    draw = np.random.default_rng(7)
    some = lambda of, k: list(draw.choice(of, size=int(draw.integers(0, k)), replace=False))  # noqa: E731
    rows = [
        {
            "has_profile": bool(draw.random() > 0.17),
            "headline": str(draw.choice(["", "Analista SAP", "Desenvolvedora Java Sr", "Auxiliar"])),
            "cv_text": " ".join(
                draw.choice(["java", "sap", "vendas", "01/2018 - atual", "\n", "inglês básico"], 30)
            ),
            "skills": some(SKILLS, 4),
            "city": str(draw.choice(["", "Recife", "São Paulo"])),
            "state": str(draw.choice(["", "Pernambuco", "São Paulo"])),
            "salary_monthly": float(draw.choice([np.nan, 3000.0, 9000.0])),
            "area_labels": some(["TI - SAP", "Administrativa"], 2),
        }
        for _ in range(people)
    ]
    vacancies = [
        {
            "title": f"Analista {draw.choice(SKILLS)}",
            "client": str(draw.choice(["Acme", "Beta"])),
            "activities": " ".join(draw.choice(SKILLS, 5)),
            "must_skills": some(SKILLS, 4),
            "seniority": str(draw.choice(["senior", "junior"])),
            "requested_on": f"2021-{number + 2:02}-01",
            "salary_monthly": float(draw.choice([np.nan, 4000.0, 8000.0])),
            "city": "Recife",
            "contract_types": ["clt"],
        }
        for number in range(work)
    ]
    asked = [
        (
            int(draw.integers(1, people + 1)),
            int(draw.integers(1, work + 1)),
            f"2022-{draw.integers(1, 13):02}-15",
        )
        for _ in range(300)
    ]
    known = [
        (person, job, day, None if draw.random() < 0.5 else day, str(draw.choice(["hired", "rejected"])))
        for person, job, day in asked
    ]
    return candidates(*rows), jobs(*vacancies), pairs(*asked), events(*known)


@pytest.fixture(scope="module")
def whole():
    people, work, asked, known = company()
    text = text_model(people, work)
    blocks = {"candidates": prepare_candidates(people, text=text), "jobs": prepare_jobs(work, text=text)}
    return asked, blocks, known, build_features(asked, **blocks, events=known)


def test_system_b_comes_first_and_no_feature_comes_twice():
    assert FEATURES[:46] == SYSTEM_B_FEATURES
    assert len(set(FEATURES)) == len(FEATURES)


def test_every_feature_is_in_exactly_one_group():
    grouped = [name for names in FEATURE_GROUPS.values() for name in names]
    assert sorted(grouped) == sorted((*FEATURES, *TOPIC_FEATURES))


def test_no_feature_is_about_a_recruiter_or_a_protected_trait():
    words = {
        "sexo",
        "sex",
        "gender",
        "age",
        "idade",
        "nome",
        "name",
        "recruiter",
        "recrutador",
        "requester",
        "pcd",
    }
    words |= {
        "analyst",
        "marital",
        "civil",
        "disability",
        "birth",
        "cep",
        "bairro",
        "photo",
        "comment",
        "modality",
    }
    assert not {part for name in FEATURES for part in name.split("_")} & words


def test_job_only_features_are_the_same_for_all_candidates_of_a_job(whole):
    _, blocks, known, _ = whole
    asked = pairs(*((person, 1, "2021-06-15") for person in range(1, 41)))
    X = build_features(asked, **blocks, events=known)
    assert (X[list(JOB_ONLY_FEATURES)].nunique(dropna=False) == 1).all()
    assert set(JOB_ONLY_FEATURES) < set(FEATURES)


def test_it_keeps_rows_index_columns_and_type(whole):
    asked, blocks, known, X = whole
    assert tuple(X.columns) == FEATURES
    assert set(map(str, X.dtypes)) == {"float32"}
    other = asked.set_axis([f"p{number}" for number in range(len(asked))])
    assert list(build_features(other, **blocks, events=known).index) == list(other.index)


def test_one_row_gives_what_the_batch_gives(whole):
    asked, blocks, known, X = whole
    for row in (0, 17, 299):
        alone = build_features(asked.iloc[[row]], **blocks, events=known)
        pd.testing.assert_frame_equal(alone, X.iloc[[row]], rtol=1e-5)


def test_many_candidates_of_one_job_give_what_each_gives_alone(whole):
    _, blocks, known, _ = whole
    asked = pairs(*((person % 40 + 1, 3, "2022-08-15") for person in range(400)))
    X = build_features(asked, **blocks, events=known)
    for row in (0, 21, 399):
        pd.testing.assert_frame_equal(
            build_features(asked.iloc[[row]], **blocks, events=known), X.iloc[[row]], rtol=1e-5
        )


def test_the_order_of_rows_is_of_no_consequence(whole):
    asked, _, known, X = whole
    people, work, _, _ = company()
    shuffled = features(
        people.sample(frac=1, random_state=1),
        work.sample(frac=1, random_state=2),
        asked.sample(frac=1, random_state=3),
        known.sample(frac=1, random_state=4),
        text=text_model(people, work),
    )
    pd.testing.assert_frame_equal(shuffled.sort_index(), X)


def test_a_block_of_parts_equals_the_block_of_all(whole):
    asked, blocks, known, X = whole
    people, work, _, _ = company()
    text = text_model(people, work)
    parts = [prepare_candidates(people.iloc[at : at + 15], text=text) for at in (30, 0, 15)]
    joined = CandidateBlock.concat(parts)
    pd.testing.assert_frame_equal(
        build_features(asked, candidates=joined, jobs=blocks["jobs"], events=known), X
    )


def test_more_people_than_one_chunk_make_one_block(monkeypatch, whole):
    people, work, _, _ = company()
    monkeypatch.setattr("scoring.ml.blocks._CHUNK", 7)
    chunked = prepare_candidates(people, text=text_model(people, work)).to_arrays()
    for name, array in whole[1]["candidates"].to_arrays().items():
        np.testing.assert_array_equal(chunked[name], array)


def test_blocks_come_back_from_their_arrays(tmp_path, whole):
    asked, blocks, known, X = whole
    again = {}
    for name, kind in (("candidates", CandidateBlock), ("jobs", JobBlock)):
        np.savez(tmp_path / f"{name}.npz", **blocks[name].to_arrays())
        with np.load(tmp_path / f"{name}.npz", allow_pickle=False) as arrays:
            again[name] = kind.from_arrays(arrays)
    pd.testing.assert_frame_equal(build_features(asked, **again, events=known), X)


def test_a_block_of_another_layout_is_refused(whole):
    arrays = whole[1]["candidates"].to_arrays()
    with pytest.raises(ValueError, match="layout"):
        CandidateBlock.from_arrays(arrays | {"layout": np.array([0])})
    with pytest.raises(KeyError, match="spans"):
        CandidateBlock.from_arrays({name: array for name, array in arrays.items() if "spans" not in name})


def test_blocks_hold_no_text(whole):
    for block in (whole[1]["candidates"], whole[1]["jobs"]):
        assert {array.dtype.kind for array in block.to_arrays().values()} <= set("bif")


def test_a_subset_holds_only_its_people(whole):
    asked, blocks, known, X = whole
    mine = asked["candidate_id"].isin([3, 11])
    some = blocks["candidates"].subset([11, 3, 3])
    assert some.ids.tolist() == [3, 11]
    part = build_features(asked[mine], candidates=some, jobs=blocks["jobs"], events=known)
    pd.testing.assert_frame_equal(part, X[mine], rtol=1e-5)
    with pytest.raises(KeyError, match=r"1 of 1 ids"):
        some.rows(np.array([4]))


def test_blocks_with_a_common_person_do_not_join(whole):
    block = whole[1]["candidates"]
    with pytest.raises(ValueError, match="twice"):
        CandidateBlock.concat([block, block.subset([1])])


def test_a_pair_of_somebody_unknown_is_an_error(whole):
    _, blocks, known, _ = whole
    with pytest.raises(KeyError, match="1 of 1 ids are not in the CandidateBlock"):
        build_features(pairs((999, 1, "2022-01-01")), **blocks, events=known)
    with pytest.raises(KeyError, match="1 of 1 ids are not in the JobBlock"):
        build_features(pairs((1, 999, "2022-01-01")), **blocks, events=known)


def test_nothing_asked_is_nothing_built(whole):
    _, blocks, known, _ = whole
    assert build_features(pairs(), **blocks, events=known).shape == (0, len(FEATURES))


def test_blocks_may_be_empty():
    text = text_model(candidates({}), jobs({}))
    empty = {
        "candidates": prepare_candidates(candidates(), text=text),
        "jobs": prepare_jobs(jobs(), text=text),
    }
    assert len(empty["candidates"]) == len(empty["jobs"]) == 0
    assert len(build_features(pairs(), **empty, events=events())) == 0


def test_it_changes_none_of_its_arguments(whole):
    people, work, asked, known = company()
    before = [frame.copy(deep=True) for frame in (people, work, asked, known)]
    features(people, work, asked, known)
    for frame, untouched in zip((people, work, asked, known), before, strict=True):
        pd.testing.assert_frame_equal(frame, untouched)


def test_a_protected_trait_does_not_even_get_in():
    people = candidates({}).assign(sex="F")
    with pytest.raises(SchemaError, match="sex"):
        prepare_candidates(people, text=text_model(candidates({}), jobs({})))


def test_contact_data_change_only_the_contact_features():
    plain = {"cv_text": "java", "email": "a@gmail.com"}
    rows = features(
        candidates(plain, plain | {"email": "z@gmail.com", "phone": "1"}), jobs({"title": "java"})
    )
    differing = [
        name for name in FEATURES if not np.array_equal(*rows[name].to_numpy()[:, None], equal_nan=True)
    ]
    assert differing == ["tem_telefone"]


def test_the_gender_of_the_wording_changes_no_feature():
    he = {
        "headline": "Desenvolvedor",
        "cv_text": "Desenvolvedor Java casado, engenheiro formado, pai de dois",
    }
    she = {
        "headline": "Desenvolvedora",
        "cv_text": "Desenvolvedora Java casada, engenheira formada, mãe de dois",
    }
    rows = features(
        candidates(he, she), jobs({"title": "Desenvolvedor Java", "activities": "engenheiro formado"})
    )
    pd.testing.assert_series_equal(rows.iloc[0], rows.iloc[1], check_names=False)


def test_everything_it_promises_is_there():
    assert all(hasattr(facade, name) for name in facade.__all__)
