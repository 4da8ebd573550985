import io
import zipfile

import pytest

from candidates.documents.checking import Kind, Unreadable
from candidates.documents.isolating import Limits, read_apart
from tests.candidates.documents import files


def read(data, **limits):
    return read_apart(data, limits=Limits(**({"megabytes": 512, "seconds": 20, "pages": 50} | limits)))


def problem(data, **limits):
    with pytest.raises(Unreadable) as caught:
        read(data, **limits)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (files.pdf(files.WORDS), Kind.PDF),
        (files.docx(files.WORDS), Kind.DOCX),
        (files.odt(files.WORDS), Kind.ODT),
        (rb"{\rtf1\ansi " + files.WORDS.encode() + b"}", Kind.RTF),
        (files.WORDS.encode(), Kind.TEXT),
    ],
    ids=["pdf", "docx", "odt", "rtf", "text"],
)
def test_every_kind_gives_its_text(data, kind):
    found = read(data)
    assert (found.kind, found.text) == (kind, files.WORDS)
    assert found.proposed["fields"]["city"]["value"] == "Recife"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_a_text_is_read_in_whatever_windows_and_others_write(encoding):
    assert read("João, programação em ação".encode(encoding)).text == "João, programação em ação"


def test_accents_lines_and_pages_of_a_pdf_are_kept():
    found = read(files.pdf("Formação: Ciência da Computação\nInglês avançado em reuniões", "Segunda página"))
    assert "Ciência da Computação\nInglês avançado" in found.text
    assert found.text.endswith("Segunda página")
    assert found.pages == 2


def test_a_word_parted_at_the_end_of_a_line_is_joined_and_an_address_keeps_its_hyphen():
    text = read(files.pdf("Cuidei do desenvol-\nvimento\nwww.linkedin.com/in/pessoa-\nteste")).text
    assert text == "Cuidei do desenvolvimento\nwww.linkedin.com/in/pessoa-teste"


def test_header_table_tab_and_text_box_of_a_word_file_are_read_once():
    boxed = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    body = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Java</w:t><w:tab/><w:t>Docker</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>'
        + boxed.format("Caixa")
        + "</w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent>" + boxed.format("Caixa") + "</w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent><w:del><w:r><w:t>apagado</w:t></w:r></w:del>"
    )
    text = read(files.docx("Corpo", body=body, header="Pessoa de Teste")).text
    assert text == "Pessoa de Teste\nCorpo\nJava\tDocker\nCaixa"


def test_sixty_thousand_characters_are_a_cv():
    line = "Desenvolvimento de sistemas em Java com Spring Boot e PostgreSQL. "
    text = (line * 1000)[:60_000].strip()
    assert len(read(text.encode()).text) == len(text)
    assert "java" in [found["skill"] for found in read(files.docx(text)).proposed["skills"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (files.locked_pdf(), "encrypted"),
        (files.locked_docx(), "encrypted"),
        (files.odt(encrypted=True), "encrypted"),
        (files.scanned_pdf(), "image_only"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 400, "image_only"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 400, "image_only"),
        (b"", "empty"),
        (b" \n\t \n", "empty"),
        (files.pdf(b""), "empty"),
        (files.docx(" "), "empty"),
        (files.zip_bomb(), "bomb"),
        (files.archive({f"part{number}": "x" for number in range(2100)}), "bomb"),
        (files.old_word(), "old_word"),
        (files.OLE, "wrong_type"),
        (files.archive({"xl/workbook.xml": "<x/>"}), "wrong_type"),
        (b"MZ\x90\x00" + b"\x00" * 400, "wrong_type"),
        (b"\x7fELF" + bytes(range(256)), "wrong_type"),
        (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "wrong_type"),
        (files.pdf()[:300], "damaged"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (files.docx()[:200], "damaged"),
        (files.archive({"word/document.xml": "<w:document"}), "damaged"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (("palavra " * 30_000).encode(), "too_long"),
    ],
)
def test_what_cannot_be_read_says_why(data, code):
    assert problem(data) == code


def test_a_pdf_that_only_its_owner_may_change_is_read():
    assert read(files.locked_pdf(b"")).text == files.WORDS


def test_pages_beyond_the_limit_are_too_many():
    assert problem(files.pdf(*["Uma"] * 4), pages=3) == "too_many_pages"


def test_a_word_file_that_defines_entities_is_refused():
    swelling = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert problem(files.docx("&b;", prolog=swelling)) == "bomb"
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    assert problem(files.docx("&a;", prolog=outside)) == "bomb"


def test_an_archive_that_lies_about_its_sizes_gives_no_more_than_it_said():
    honest = files.docx(*["Java"] * 5000)
    with zipfile.ZipFile(io.BytesIO(honest)) as opened:
        real = opened.getinfo("word/document.xml").file_size
    lying = honest.replace(real.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert problem(lying) == "damaged"
