import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from scoring.ml.features import FEATURES, TOPIC_FEATURES, build_features, prepare_candidates, prepare_jobs
from scoring.ml.names import TOPIC_COUNTS
from scoring.ml.topics import Projection, TopicModel
from tests.scoring.ml.frames import candidates, events, jobs, pairs, text_model

ERP = "sap abap modulo fiscal contabil ecc hana basis"
WEB = "javascript react html css frontend angular node typescript"
PAPER = "arquivo recepcao telefone agenda malote planilha cadastro protocolo"


def texts(kind, number, chance):
    return " ".join(chance.choice(kind.split(), number))


def company(people=90, work=45):
    """A third of everybody and of every job is about each of three things."""
    chance = np.random.default_rng(3)
    kinds = (ERP, WEB, PAPER)
    persons = candidates(
        *(
            {"cv_text": texts(kinds[at % 3], 30, chance), "headline": texts(kinds[at % 3], 3, chance)}
            for at in range(people)
        )
    )
    vacancies = jobs(
        *(
            {"activities": texts(kinds[at % 3], 20, chance), "title": texts(kinds[at % 3], 2, chance)}
            for at in range(work)
        )
    )
    return persons, vacancies


def blocks(persons, vacancies, text=None):
    text = text or text_model(persons, vacancies)
    return prepare_candidates(persons, text=text), prepare_jobs(vacancies, text=text)


def learned(people, work, **ids):
    ids = {"candidate_ids": people.ids, "job_ids": work.ids} | ids
    return TopicModel().fit(people, work, **ids)


@pytest.fixture(scope="module")
def prepared():
    return blocks(*company())


@pytest.fixture(scope="module")
def model(prepared):
    return learned(*prepared)


def everybody_with_job_one(people):
    return np.arange(len(people)), np.zeros(len(people), dtype=np.int64)


def test_the_names_are_those_of_the_four_texts():
    assert len(TOPIC_FEATURES) == sum(TOPIC_COUNTS.values()) == 90
    assert TOPIC_FEATURES[0] == "topic_cv_00"
    assert TOPIC_FEATURES[-1] == "topic_title_14"
    assert TopicModel.columns == TOPIC_FEATURES
    assert not set(TOPIC_FEATURES) & set(FEATURES)


def test_people_of_one_trade_are_near_each_other_and_far_from_others(prepared, model):
    people, work = prepared
    cv = model.features(people, *_rows(people, work))[:, :3]
    cv /= np.linalg.norm(cv, axis=1, keepdims=True)
    likeness = cv @ cv.T
    same = np.equal.outer(np.arange(90) % 3, np.arange(90) % 3)
    assert likeness[same].min() > 0.9
    assert np.abs(likeness[~same]).max() < 0.5


def _rows(people, work):
    crows, jrows = everybody_with_job_one(people)
    return crows, work, jrows


def test_it_is_the_truncated_decomposition():
    chance = np.random.default_rng(0)
    dense = chance.random((60, 25)) * (chance.random((60, 25)) < 0.4)
    found = Projection.fit(sparse.csr_matrix(dense), topics=4, most_terms=25)
    expected = np.linalg.svd(dense)[2][:4]
    np.testing.assert_allclose(np.abs(found.components @ expected.T), np.eye(4), atol=1e-3)
    assert (np.take_along_axis(found.components, np.abs(found.components).argmax(1)[:, None], 1) > 0).all()


def test_one_set_of_texts_gives_one_model_in_whatever_order_it_is_named(prepared, model):
    people, work = prepared
    order = np.random.default_rng(1).permutation(people.ids)
    again = learned(people, work, candidate_ids=[*order, *order[:20]], job_ids=work.ids[::-1])
    for name, array in model.to_arrays().items():
        np.testing.assert_array_equal(again.to_arrays()[name], array)


def test_texts_of_others_teach_nothing(prepared):
    people, work = prepared
    persons, vacancies = company()
    persons.loc[persons.index > 60, "cv_text"] = "java"
    vacancies.loc[vacancies.index > 30, "activities"] = "java"
    other = blocks(persons, vacancies, text_model(*company()))
    ids = {"candidate_ids": range(1, 61), "job_ids": range(1, 31)}
    before, after = learned(people, work, **ids).to_arrays(), learned(*other, **ids).to_arrays()
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array)


def test_features_follow_the_others_in_their_order(prepared, model):
    people, work = prepared
    asked = pairs((2, 1, "2022-06-15"), (1, 3, "2022-06-15"), (2, 3, "2022-06-15"))
    X = build_features(asked, candidates=people, jobs=work, events=events(), topics=model)
    assert tuple(X.columns) == (*FEATURES, *TOPIC_FEATURES)
    assert set(map(str, X.dtypes)) == {"float32"}
    pd.testing.assert_frame_equal(
        X[list(FEATURES)], build_features(asked, candidates=people, jobs=work, events=events())
    )
    of_person, of_job = list(TOPIC_FEATURES[:30]), list(TOPIC_FEATURES[30:60])
    np.testing.assert_array_equal(X.loc[0, of_person], X.loc[2, of_person])
    np.testing.assert_array_equal(X.loc[1, of_job], X.loc[2, of_job])
    np.testing.assert_array_equal(X.loc[0, of_job], work_topics(model, work, 0))


def work_topics(model, work, row):
    return model.projections_["job"].transform(work.text[[row]])[0]


def test_one_pair_gives_what_the_batch_gives(prepared, model):
    people, work = prepared
    crows, jrows = np.arange(90), np.arange(90) % 45
    whole = model.features(people, crows, work, jrows)
    for row in (0, 41, 89):
        alone = model.features(people, crows[[row]], work, jrows[[row]])
        np.testing.assert_array_equal(alone[0], whole[row])


def test_no_text_is_unknown_and_unknown_words_are_zero(prepared, model):
    text = text_model(*company())
    persons = candidates({"headline": "sap"}, {"cv_text": "zzyzx"}, {"has_profile": False, "cv_text": "sap"})
    people, work = blocks(persons, jobs({"title": "react"}), text)
    found = pd.DataFrame(model.features(people, *_rows(people, work)), columns=list(TOPIC_FEATURES))
    by_text = {name: found.filter(like=f"topic_{name}_") for name in TOPIC_COUNTS}
    assert by_text["cv"].isna().all(axis=1).tolist() == [False, True, True]
    assert by_text["headline"].isna().all(axis=1).tolist() == [False, True, True]
    assert by_text["job"].notna().all(axis=None)
    rare = Projection(np.array([0], dtype=np.int32), np.ones((2, 1), dtype=np.float32))
    assert rare.transform(sparse.csr_matrix([[0.0, 1.0]])).tolist() == [[0.0, 0.0]]


def test_few_texts_leave_the_topics_that_they_cannot_fill_at_zero():
    people, work = blocks(*company(people=6, work=5))
    model = learned(people, work)
    found = model.features(people, *_rows(people, work))
    assert np.isfinite(found).all()
    assert (found[:, 6:30] == 0).all()


def test_without_any_text_there_are_no_topics():
    people, work = blocks(candidates({}, {}), jobs({}))
    assert np.isnan(learned(people, work).features(people, *_rows(people, work))).all()


def test_arrays_make_the_same_model_again(tmp_path, prepared, model):
    people, work = prepared
    np.savez(tmp_path / "topics.npz", **model.to_arrays())
    with np.load(tmp_path / "topics.npz", allow_pickle=False) as arrays:
        again = TopicModel.from_arrays(dict(arrays))
    np.testing.assert_array_equal(
        again.features(people, *_rows(people, work)), model.features(people, *_rows(people, work))
    )


def test_its_state_is_small_and_holds_no_word(model):
    arrays = model.to_arrays().values()
    assert {array.dtype.kind for array in arrays} <= set("if")
    wide = sparse.random(400, 30_000, density=0.02, random_state=0, format="csr")
    assert Projection.fit(wide, topics=30, most_terms=2_000).components.nbytes <= 240_000


@pytest.mark.parametrize(
    "change",
    [
        {"format": np.array([9, 1])},
        {"cv_columns": None},
        {"cv_columns": np.array([2, 1], dtype=np.int32)},
        {"job_components": np.zeros((3, 3), dtype=np.float32)},
        {"title_columns": np.array([10**6], dtype=np.int32), "title_components": np.zeros((15, 1))},
    ],
)
def test_it_refuses_arrays_of_another_kind(model, change):
    arrays = {name: array for name, array in (model.to_arrays() | change).items() if array is not None}
    with pytest.raises(ValueError, match="the topic model"):
        TopicModel.from_arrays(arrays)


def test_it_refuses_blocks_of_another_text_model(prepared, model):
    people, work = prepared
    others = blocks(*company(), text_model(candidates({"cv_text": "java"}), jobs({})))
    with pytest.raises(ValueError, match="another text model"):
        model.features(others[0], *_rows(others[0], others[1]))
    with pytest.raises(ValueError, match="two text models"):
        learned(people, others[1])
    with pytest.raises(ValueError, match="another text model"):
        TopicModel().features(people, *_rows(people, work))


def test_only_the_texts_asked_for_are_projected(prepared):
    people, work = prepared
    part = learned(people, work, texts={"job", "title"})
    again = TopicModel.from_arrays(part.to_arrays())
    rows = np.zeros(1, dtype=np.int64)
    for model in (part, again):
        found = dict(zip(TOPIC_FEATURES, model.features(people, rows, work, rows)[0], strict=True))
        known = {name for name, value in found.items() if not np.isnan(value)}
        assert known == {name for name in TOPIC_FEATURES if name.startswith(("topic_job_", "topic_title_"))}
