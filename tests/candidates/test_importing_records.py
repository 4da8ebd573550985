import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates import importing_records as records
from candidates.importing import FIELDS, PROTECTED, read_applicant
from candidates.importing_records import BadRecord
from candidates.importing_source import SourceRecord
from candidates.importing_staging import copy_line
from candidates.models import Candidate


def applicant(number=31000, **sections):
    return {
        "infos_basicas": {"codigo_profissional": str(number), "nome": "Ana Pereira"}
        | sections.pop("basics", {}),
        "informacoes_pessoais": {"data_aceite": "Cadastro anterior ao registro de aceite"}
        | sections.pop("person", {}),
        "informacoes_profissionais": sections.pop("work", {}),
        "formacao_e_idiomas": sections.pop("study", {}),
        "cargo_atual": sections.pop("cargo_atual", {}),
        "cv_pt": "experiência com java",
        "cv_en": "",
        **sections,
    }


def read(content, key="31000", notes=None):
    return read_applicant(SourceRecord(key, 1, content), Counter() if notes is None else notes)


def rejection(content, key="31000"):
    with pytest.raises(BadRecord) as caught:
        read(content, key)
    return caught.value.reason, caught.value.field


def test_a_full_record_is_understood():
    row = read(
        applicant(
            basics={
                "email": "ana@example.com",
                "telefone": "(11) 90000-0000",
                "objetivo_profissional": "Desenvolvedora Java",
                "local": "Campinas, São Paulo",
                "data_criacao": "10-11-2021 07:29:49",
                "data_atualizacao": "31-12-1969 21:00:00",
            },
            work={
                "titulo_profissional": "Desenvolvedora Java",
                "area_atuacao": "TI - Banco de Dados, TI - SAP",
                "conhecimentos_tecnicos": "java\nsql",
                "certificacoes": "MS [77-418] MOS: Microsoft Office Word 2013, SAP FI",
                "outras_certificacoes": "ITIL",
                "remuneracao": "R$ 3.500,00",
                "nivel_profissional": "Sênior",
            },
            study={
                "nivel_academico": "Ensino Superior Completo",
                "nivel_ingles": "Avançado",
                "nivel_espanhol": "",
                "outro_idioma": "Francês - Básico",
            },
        )
    )
    assert (row.code, row.name, row.email, row.phone) == (
        "31000",
        "Ana Pereira",
        "ana@example.com",
        "(11) 90000-0000",
    )
    assert (row.city, row.state, row.headline) == ("Campinas", "São Paulo", "Desenvolvedora Java")
    assert row.area_labels == ["TI - Banco de Dados", "TI - SAP"]
    assert row.technical_knowledge == "java\nsql"
    assert row.certifications == "MS [77-418] MOS: Microsoft Office Word 2013, SAP FI"
    assert (row.seniority, row.education, row.english, row.spanish) == (
        "senior",
        "bachelor_complete",
        "advanced",
        "",
    )
    assert row.other_language == "Francês - Básico"
    assert (row.salary_monthly, row.salary_hourly, row.salary_text) == (3500, None, "R$ 3.500,00")
    assert row.source_created_at.isoformat() == "2021-11-10T07:29:49-03:00"
    assert row.source_updated_at is None
    assert row.cv_text == "experiência com java"


def test_empty_and_absent_sections_are_empty():
    row = read(
        {"infos_basicas": {}, "informacoes_pessoais": None, "informacoes_profissionais": "", "cv_pt": None}
    )
    assert (row.name, row.city, row.cv_text, row.area_labels, row.salary_monthly) == ("", "", "", [], None)


def test_names_and_contacts_come_from_the_second_section_when_the_first_has_none():
    person = {"nome": "Bia", "email": "bia@example.com", "telefone_celular": "11 90000-0000"}
    row = read({"infos_basicas": {"nome": ""}, "informacoes_pessoais": person})
    assert (row.name, row.email, row.phone) == ("Bia", "bia@example.com", "11 90000-0000")


def test_a_title_unlike_the_objective_is_kept_beside_it():
    row = read(applicant(basics={"objetivo_profissional": "Java"}, work={"titulo_profissional": "Arquiteta"}))
    assert row.headline == "Java / Arquiteta"


def test_a_dash_is_no_other_language():
    assert read(applicant(study={"outro_idioma": "-"})).other_language == ""


def test_protected_fields_go_to_demographics_alone():
    person = {"sexo": "Feminino", "data_nascimento": "03-04-1990", "estado_civil": "Casado", "pcd": "Não"}
    row = read(applicant(person=person, sexo="Feminino"))
    assert (row.sex, row.birth_date.isoformat(), row.marital_status, row.disability) == (
        "Feminino",
        "1990-04-03",
        "Casado",
        "Não",
    )
    for key in PROTECTED:
        assert key not in row.raw
    assert "Feminino" not in row.raw
    assert "1990" not in row.raw


def test_the_raw_record_keeps_everything_else_but_the_cvs():
    content = applicant(cargo_atual={"cliente": "Empresa"}, unheard_of={"a": [1, 2.5, None]})
    raw = json.loads(read(content).raw)
    assert raw["cargo_atual"] == {"cliente": "Empresa"}
    assert raw["unheard_of"] == {"a": [1, 2.5, None]}
    assert raw["infos_basicas"] == content["infos_basicas"]
    assert "cv_pt" not in raw
    assert "experiência com java" not in json.dumps(raw, ensure_ascii=False)


def test_the_given_record_is_not_changed():
    content = applicant(person={"sexo": "Feminino"})
    before = json.dumps(content)
    read(content)
    assert json.dumps(content) == before


def test_a_birth_date_that_means_missing_is_missing():
    for text in ("31-12-1969", "0000-00-00", ""):
        notes = Counter()
        assert read(applicant(person={"data_nascimento": text}), notes=notes).birth_date is None
        assert not notes


def test_values_outside_the_closed_sets_are_empty_counted_and_kept_raw():
    notes = Counter()
    row = read(
        applicant(
            work={"remuneracao": "3.000 a 4.000", "area_atuacao": "TI - Magia", "nivel_profissional": "Guru"},
            study={"nivel_ingles": "Nativo", "nivel_academico": "Ensino Superior"},
            person={"data_nascimento": "31-02-1990"},
        ),
        notes=notes,
    )
    assert (row.salary_monthly, row.salary_text) == (None, "3.000 a 4.000")
    assert (row.english, row.seniority, row.education, row.area_labels, row.birth_date) == (
        "",
        "",
        "",
        [],
        None,
    )
    assert notes == {
        "informacoes_profissionais.remuneracao": 1,
        "informacoes_profissionais.area_atuacao": 1,
        "informacoes_profissionais.nivel_profissional": 1,
        "formacao_e_idiomas.nivel_ingles": 1,
        "formacao_e_idiomas.nivel_academico": 1,
        "informacoes_pessoais.data_nascimento": 1,
    }
    assert "Nativo" in row.raw


def test_numbers_and_truth_values_are_read_like_their_texts():
    row = read(applicant(number=31000, basics={"codigo_profissional": 31000}, work={"remuneracao": 1900}))
    assert (row.code, row.salary_monthly) == ("31000", 1900)
    assert read(applicant(work={"remuneracao": 2500.5})).salary_monthly == 2500.5
    assert read(applicant(person={"pcd": False})).disability == "Não"


def test_long_texts_are_cut_where_the_column_ends_and_whole_in_the_raw_record():
    name, city = "Ana " * 100, "Cidade " * 50
    row = read(applicant(basics={"nome": name, "local": f"{city}, {'Estado ' * 40}"}))
    columns = {field.name: field.max_length for field in Candidate._meta.concrete_fields}
    assert len(row.name) <= columns["name"]
    assert row.name.endswith("…")
    assert len(row.city) <= columns["city"]
    assert len(row.state) <= columns["state"]
    assert name in row.raw
    long = "x" * 60_000
    assert read(applicant(cv_pt=long, work={"conhecimentos_tecnicos": long})).cv_text == long


def test_nul_characters_are_left_out_everywhere():
    row = read(
        applicant(basics={"nome": "Ana\0 Pereira"}, cv_pt="ja\0va", strange={"a\0b": ["\0", "\\u0000"]})
    )
    assert (row.name, row.cv_text) == ("Ana Pereira", "java")
    assert "\0" not in row.raw
    assert json.loads(row.raw)["strange"] == {"ab": ["", "\\u0000"]}


@pytest.mark.parametrize("key", ["", "   ", "Ana Pereira de Souza", "1" * 33, "a\nb", "<script>"])
def test_a_record_without_a_usable_code_is_rejected(key):
    assert rejection(applicant(), key) == (records.NO_CODE, "")


def test_a_record_under_another_ones_key_is_rejected():
    assert rejection(applicant(number=31001)) == (records.TWO_CODES, "")


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_a_record_that_is_no_object_is_rejected(content):
    assert rejection(content) == (records.NOT_AN_OBJECT, "")


def test_an_empty_record_is_rejected():
    assert rejection({}) == (records.EMPTY, "")
    assert rejection({"unheard_of": 1}) == (records.EMPTY, "")


def test_a_record_of_another_kind_is_rejected():
    assert rejection({"informacoes_basicas": {}, "perfil_vaga": {}}) == (records.OTHER_KIND, "")


def test_wrong_shapes_are_rejected_by_the_name_of_their_field():
    assert rejection(applicant(basics={"nome": ["Ana"]})) == (records.NOT_A_TEXT, "infos_basicas.nome")
    assert rejection(applicant(cv_pt={})) == (records.NOT_A_TEXT, "cv_pt")
    assert rejection({"infos_basicas": []}) == (records.NOT_AN_OBJECT, "infos_basicas")


def test_texts_beyond_all_measure_are_rejected(monkeypatch):
    monkeypatch.setattr(records, "MOST_CHARACTERS", 1000)
    assert rejection(applicant(cv_pt="x" * 1001)) == (records.TOO_LONG, "cv_pt")


def test_a_record_nested_too_deeply_is_rejected():
    deep = []
    for _ in range(5000):
        deep = [deep]
    assert rejection(applicant(strange=deep)) == (records.TOO_DEEP, "")


@pytest.mark.parametrize(
    ("value", "code"),
    [("41496", "41496"), (41496, "41496"), (41496.0, "41496"), (" 41496 ", "41496"), ("A-7", "A-7")],
)
def test_codes_as_texts_or_numbers(value, code):
    assert records.read_code(value) == code


@pytest.mark.parametrize("value", [None, True, 1.5, [], "", "-1"])
def test_what_is_no_code(value):
    with pytest.raises(BadRecord):
        records.read_code(value)


def test_a_key_that_is_free_text_is_named_by_its_place():
    assert records.printable_key(SourceRecord("Ana Pereira", 7, {})) == "#7"
    assert records.printable_key(SourceRecord("31000", 7, {})) == "31000"


def test_only_so_many_rejections_are_kept_but_all_are_counted(monkeypatch):
    monkeypatch.setattr(records, "MOST_REJECTIONS", 3)
    tally = records.Tally()
    for number in range(10):
        tally.reject(str(number), BadRecord(records.EMPTY))
    assert (tally.rejected, len(tally.rejections)) == (10, 3)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KNOWN_KEYS = st.sampled_from(
    [
        "codigo_profissional",
        "nome",
        "local",
        "data_criacao",
        "remuneracao",
        "area_atuacao",
        "nivel_ingles",
        "sexo",
    ]
)
SECTIONS = st.sampled_from(
    [
        "infos_basicas",
        "informacoes_pessoais",
        "informacoes_profissionais",
        "formacao_e_idiomas",
        "cv_pt",
        "codigo",
    ]
)


@given(ANYTHING | st.dictionaries(SECTIONS, ANYTHING | st.dictionaries(KNOWN_KEYS, ANYTHING)))
def test_any_record_is_either_understood_or_rejected_with_a_reason(content):
    try:
        row = read(content)
    except BadRecord:
        return
    assert row.code == "31000"
    assert b"\0" not in copy_line([getattr(row, name) for name in FIELDS])
    assert not PROTECTED & set(json.loads(row.raw).get("informacoes_pessoais") or {})
