import gzip
import json
import zipfile

import pytest

from candidates import importing_source
from candidates.importing_source import APPLICANTS, JOBS, PROSPECTS, BadSource, Source

APPLICANT = {"infos_basicas": {"codigo_profissional": "31000", "nome": "Ana Pereira"}, "cv_pt": "ação"}
JOB = {"informacoes_basicas": {"titulo_vaga": "Desenvolvedor"}, "perfil_vaga": {}, "beneficios": {}}
PROSPECT_LIST = {"titulo": "Desenvolvedor", "modalidade": "", "prospects": []}


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def read(path, kind=APPLICANTS):
    return [tuple(record) for record in Source(path, kind=kind).records()]


def refusal(path, kind=APPLICANTS):
    with pytest.raises(BadSource) as caught:
        read(path, kind)
    return str(caught.value)


def test_a_keyed_file_gives_its_records_with_their_keys(write):
    assert read(write({"31000": APPLICANT, "31001": {"cv_pt": "b"}})) == [
        ("31000", 1, APPLICANT),
        ("31001", 2, {"cv_pt": "b"}),
    ]


def test_gzip_is_known_by_its_content(write):
    packed = gzip.compress(json.dumps({"31000": APPLICANT}).encode())
    assert read(write(packed, "no-ending")) == [("31000", 1, APPLICANT)]


def test_a_zip_with_one_file_is_read_and_litter_in_it_ignored(tmp_path):
    path = tmp_path / "applicants.json"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/a.json", json.dumps({"31000": APPLICANT}))
        archive.writestr("__MACOSX/folder/._a.json", "x")
    assert read(path) == [("31000", 1, APPLICANT)]


def test_a_zip_with_two_files_is_refused(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", "{}")
        archive.writestr("b.json", "{}")
    assert refusal(path) == "“two.zip” holds 2 files; an archive must hold exactly one."


def test_json_lines_name_their_own_codes(write):
    lines = "\n".join(
        json.dumps(one) for one in (APPLICANT, {"codigo": 31001, "cv_pt": "b"}, {"cv_pt": "c"}, 3)
    )
    assert [record[:2] for record in read(write(lines.encode() + b"\n\n"))] == [
        ("31000", 1),
        ("31001", 2),
        ("", 3),
        ("", 4),
    ]


def test_json_lines_of_jobs_and_prospects(write):
    assert read(write({"codigo": "5", **JOB}), JOBS) == [("5", 1, {"codigo": "5", **JOB})]
    assert read(write({"codigo": "5", **PROSPECT_LIST}), PROSPECTS)[0][:2] == ("5", 1)
    assert read(write({**PROSPECT_LIST, "codigo": "5"}), PROSPECTS)[0][:2] == ("5", 1)


def test_a_list_of_records_is_read_like_json_lines(write):
    assert read(write([APPLICANT])) == [("31000", 1, APPLICANT)]


def test_a_byte_order_mark_is_accepted(write):
    assert read(write(b"\xef\xbb\xbf" + json.dumps({"31000": APPLICANT}).encode())) == [
        ("31000", 1, APPLICANT)
    ]


@pytest.mark.parametrize("kind", [APPLICANTS, JOBS, PROSPECTS])
@pytest.mark.parametrize("record", [APPLICANT, JOB, PROSPECT_LIST])
def test_a_file_of_the_wrong_kind_is_refused_by_name_of_both_kinds(write, kind, record):
    path = write({"5": record}, "given.json")
    found = importing_source.kind_of(record)
    if found == kind:
        assert read(path, kind)
    else:
        names = importing_source.KIND_NAMES
        assert refusal(path, kind) == f"“given.json” holds {names[found]}, but was given as {names[kind]}."


def test_a_few_broken_records_at_the_start_do_not_hide_the_kind(write):
    broken = {str(number): [] for number in range(20)}
    assert len(read(write({**broken, "31000": APPLICANT}))) == 21
    assert "holds jobs (vagas)" in refusal(write({**broken, "5": JOB}))


def test_json_of_something_else_is_refused(write):
    assert (
        refusal(write({"a": 1}, "x.json")) == "“x.json” is JSON, but no record in it looks like applicants."
    )
    assert refusal(write({"type": "FeatureCollection", "features": []})).endswith("looks like applicants.")


@pytest.mark.parametrize("content", [b"", b"  \n ", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(write, content):
    assert refusal(write(content)) == "“file.json” is empty."


@pytest.mark.parametrize("content", [b"{}", b"[]", b" { } ", b'"text"', b"3"])
def test_a_file_without_records_is_refused(write, content):
    assert refusal(write(content)) == "“file.json” holds no records."


@pytest.mark.parametrize(
    "content", [b"codigo;nome\n1;Ana", b"<html></html>", b'{"1": {x: 1}}', b'{"1": {"cv_pt": NaN}}']
)
def test_what_is_no_json_is_refused(write, content):
    assert refusal(write(content)).startswith("“file.json” is")


def test_rubbish_after_the_end_is_refused(write):
    whole = json.dumps({"31000": APPLICANT}).encode()
    assert "is not valid JSON" in refusal(write(whole + b" and more"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_cut_off_anywhere_is_refused(write, packed):
    whole = json.dumps({"31000": APPLICANT, "31001": APPLICANT}).encode()
    whole = gzip.compress(whole) if packed else whole
    for end in range(1, len(whole) - 1, 7):
        assert refusal(write(whole[:end]))
    assert "cut off" in refusal(write(whole[:-1]))


def test_json_lines_cut_off_are_refused(write):
    assert "cut off" in refusal(write(json.dumps(APPLICANT).encode() + b'\n{"infos_basicas": {'))


def test_a_damaged_gzip_is_refused(write):
    packed = bytearray(gzip.compress(json.dumps({"31000": APPLICANT}).encode()))
    packed[-6] ^= 0xFF
    assert "is damaged" in refusal(write(bytes(packed)))


def test_a_zip_cut_off_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.json", json.dumps({"31000": APPLICANT}))
    path.write_bytes(path.read_bytes()[:-30])
    assert "is damaged" in refusal(path)


def test_latin_1_is_refused_with_the_way_out(write):
    whole = json.dumps({"31000": APPLICANT}, ensure_ascii=False).encode("latin-1")
    assert refusal(write(whole)) == (
        "“file.json” is not in UTF-8, perhaps in Latin-1; save it as UTF-8 and try again."
    )


def test_utf_16_is_refused_with_the_way_out(write):
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        whole = json.dumps({"31000": APPLICANT}).encode(encoding)
        assert "is in UTF-16; save it as UTF-8" in refusal(write(whole))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert refusal(tmp_path / "none.json").startswith("“none.json” cannot be read")
    assert "cannot be read" in refusal(tmp_path)


def test_a_zip_that_declares_far_more_than_it_holds_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(importing_source, "RATIO_FROM", 1000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", '{"31000": {"cv_pt": "' + "a" * 1_000_000 + '"}}')
    assert "unpacks to far more" in refusal(path)


def test_a_gzip_bomb_is_noticed_while_reading(write, monkeypatch):
    monkeypatch.setattr(importing_source, "RATIO_FROM", 1000)
    packed = gzip.compress(b'{"31000": {"cv_pt": "' + b"a" * 1_000_000 + b'"}}')
    assert "unpacks to far more" in refusal(write(packed))


def test_absurd_nesting_is_refused_before_the_parser_pays_for_it(write):
    assert "nested too deeply" in refusal(
        write(b'{"31000": {"cv_pt": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}")
    )
    assert "nested too deeply" in refusal(write(b'{"31000": ' + b'{"a": ' * 20_000 + b"1" + b"}" * 20_001))


@pytest.mark.parametrize("level", [b"[1, ", b'{"a": 1, "b": ', b'["]]]\\"]", ', b"[" + b" " * 200])
def test_deep_nesting_is_refused_also_with_values_between_its_levels(write, level):
    closing = (b"]" if level.startswith(b"[") else b"}") * 20_000
    path = write(b'{"31000": {"cv_pt": "", "x": ' + level * 20_000 + b"1" + closing + b"}}")
    assert "nested too deeply" in refusal(path)


def test_brackets_within_texts_are_no_nesting(write):
    text = '[{"\\' * 20_000
    assert read(write({"31000": {"cv_pt": text}, text: {"cv_pt": "b"}})) == [
        ("31000", 1, {"cv_pt": text}),
        (text, 2, {"cv_pt": "b"}),
    ]


def test_a_text_of_absurd_length_is_refused_before_the_parser_pays_for_it(write, monkeypatch):
    monkeypatch.setattr(importing_source, "MOST_TEXT_BYTES", 200_000)
    assert len(read(write({str(number): {"cv_pt": "x" * 150_000} for number in range(3)}))) == 3
    assert "far more than a source file would" in refusal(write({"31000": {"cv_pt": "x" * 500_000}}))


def test_the_position_reaches_the_size_of_the_file(write):
    path = write({str(number): APPLICANT for number in range(5000)})
    source = Source(path, kind=APPLICANTS)
    assert (source.position, source.size) == (0, path.stat().st_size)
    seen = [source.position for _ in source.records()]
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] == source.position == source.size
