import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.text import PERSONAL_TERMS, TextModel, fold, neutral


def similarity(model, left, right):
    rows = model.transform([left, right]).toarray()
    return float(rows[0] @ rows[1])


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Pós-Graduação", "pos-graduacao"),
        ("ÚLTIMO ÕES À Ü", "ultimo oes a u"),
        ("02/2020 – 09/2021", "02/2020 - 09/2021"),
        ("cora\u0301lia e\u0302", "coralia e"),
        ("soft\u00adware", "software"),
        ("● item", "  item"),
        ("nº 1ª", "no 1a"),
        ("linha 1\nlinha 2", "linha 1\nlinha 2"),
    ],
)
def test_it_folds_to_plain_letters(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_is_ascii_and_folding_twice_changes_nothing(text):
    folded = fold(text)
    assert folded.isascii()
    assert fold(folded) == folded


@pytest.mark.parametrize(
    "forms",
    [
        ("desenvolvedor", "desenvolvedora", "desenvolvedores", "desenvolvedoras"),
        ("engenheiro", "engenheira", "engenheiros"),
        ("tecnico", "tecnica"),
        ("aplicacao", "aplicacoes"),
        ("systems", "system"),
    ],
)
def test_number_and_gender_of_a_word_make_no_difference(forms):
    assert len({neutral(form) for form in forms}) == 1


def test_the_gender_of_a_cv_changes_no_vector():
    man = "Desenvolvedor contratado, casado, brasileiro, dedicado, programador"
    woman = "Desenvolvedora contratada, solteira, brasileira, dedicada, programadora"
    model = TextModel(min_documents=1).fit([man, woman])
    rows = model.transform([man, woman]).toarray()
    np.testing.assert_array_equal(rows[0], rows[1])


def test_personal_terms_are_no_terms():
    model = TextModel(min_documents=1).fit([" ".join(sorted(PERSONAL_TERMS)) + " java"])
    assert len(model.idf_) == 1


def test_it_keeps_no_word_in_its_state():
    model = TextModel(min_documents=1).fit(["Joana Figueiredo programa em cobol"])
    assert all(array.dtype.kind in "if" for array in model.to_arrays().values())


def test_numbers_and_stop_words_are_no_terms():
    model = TextModel(min_documents=1).fit(["de 2019 ate 2021 para com the and 11 99999 java"])
    assert len(model.idf_) == 1


def test_rows_have_length_one_or_zero():
    model = TextModel(min_documents=1).fit(["java spring", "sap abap"])
    rows = model.transform(["java java sap", "", "cozinha"])
    np.testing.assert_allclose(np.linalg.norm(rows.toarray(), axis=1), [1, 0, 0], atol=1e-6)
    assert rows.dtype == np.float32


def test_rare_words_weigh_more_than_common_ones():
    model = TextModel(min_documents=1).fit(["equipe abap", "equipe java", "equipe cobol", "equipe"])
    assert similarity(model, "equipe abap", "abap") > similarity(model, "equipe abap", "equipe")


def test_words_of_too_few_documents_are_left_out():
    assert len(TextModel(min_documents=2).fit(["java sap", "java cobol"]).idf_) == 1


def test_the_most_frequent_terms_are_kept_when_there_are_too_many():
    model = TextModel(min_documents=1, max_terms=1).fit(["java sap", "java cobol"])
    assert similarity(model, "java", "java sap cobol") == pytest.approx(1)


def test_signs_of_languages_are_part_of_the_word():
    model = TextModel(min_documents=1).fit(["c# c++ linguagem"])
    assert similarity(model, "c#", "c++") == 0
    assert similarity(model, "c#", "programo em C#") == pytest.approx(1)


def test_idf_is_the_smoothed_form():
    model = TextModel(min_documents=1).fit(["java", "java", "sap"])
    np.testing.assert_allclose(sorted(model.idf_), sorted([np.log(4 / 3) + 1, np.log(4 / 2) + 1]), rtol=1e-6)


def test_a_batch_gives_what_each_text_gives_alone():
    texts = [f"palavra{number % 7} java sap{number % 3}" for number in range(2_500)]
    model = TextModel(min_documents=1).fit(texts)
    whole = model.transform(texts)
    for row in (0, 999, 1_000, 2_499):
        np.testing.assert_array_equal(whole[row].toarray(), model.transform([texts[row]]).toarray())


def test_arrays_make_the_same_model_again(tmp_path):
    model = TextModel(min_documents=1).fit(["analista java", "consultor sap"])
    np.savez(tmp_path / "text.npz", **model.to_arrays())
    with np.load(tmp_path / "text.npz", allow_pickle=False) as arrays:
        again = TextModel.from_arrays(dict(arrays))
    np.testing.assert_array_equal(
        again.transform(["java sap"]).toarray(), model.transform(["java sap"]).toarray()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"buckets": None},
        {"format": np.array([99])},
        {"idf": np.ones(5, dtype=np.float32)},
        {"buckets": np.array([3, 1], dtype=np.int32)},
        {"buckets": np.array([1, 2**30], dtype=np.int32)},
    ],
)
def test_it_refuses_arrays_of_another_kind(change):
    arrays = {
        "format": np.array([1]),
        "buckets": np.array([1, 3], dtype=np.int32),
        "idf": np.ones(2, dtype=np.float32),
    }
    arrays = {name: array for name, array in (arrays | change).items() if array is not None}
    with pytest.raises(ValueError, match="the text model"):
        TextModel.from_arrays(arrays)


def test_without_texts_it_knows_no_term():
    model = TextModel().fit([])
    assert model.transform(["java"]).shape == (1, 0)
    assert model.transform([]).shape == (0, 0)
