import csv
import datetime
import io
import zipfile

import pytest
from django.utils import timezone

from candidates.exporting import CELL_AT_MOST, log_export, safe, table_response
from candidates.models import AccessEvent

DANGEROUS = ["=1+1", "+55 81 9", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\x00=1", "​=1"]


def body(response):
    return b"".join(response.streaming_content)


def read_csv(response):
    return list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_begins_like_a_formula_is_text(text):
    assert safe(text).startswith("'")


@pytest.mark.parametrize("value", [-2, -0.5, None, True, datetime.date(2026, 1, 2)])
def test_numbers_and_days_stay_what_they_are(value):
    assert safe(value) is value


@pytest.mark.parametrize("text", ["Ana", "C++", "a=b", "'quoted'", "", "São Paulo - SP"])
def test_other_text_stays_as_it_is(text):
    assert safe(text) == text


def test_a_cell_is_not_longer_than_excel_reads():
    assert len(safe("x" * 100_000)) == CELL_AT_MOST


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_has_a_harmless_name_and_is_not_kept_by_caches(kind):
    response = table_response(kind, name='rank "1/2"\r\nx', columns=["a"], rows=[])
    assert response.headers["Content-Disposition"] == f'attachment; filename="rank-1-2-x.{kind}"'
    assert response.headers["Cache-Control"] == "no-store"


def test_csv_begins_with_a_byte_order_mark_and_keeps_accents_quotes_and_lines():
    rows = [['João "o" Luís', "um;dois,três\nquatro", -1.5, None, True]]
    response = table_response("csv", name="x", columns=["a", "b", "c", "d", "e"], rows=rows)
    raw = body(response)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))[1] == [
        *('João "o" Luís', "um;dois,três\nquatro", "-1.5", "", "yes")
    ]


def test_csv_says_days_and_times_in_iso_and_the_companys_clock():
    moment = datetime.datetime(2026, 1, 2, 12, 0, tzinfo=datetime.UTC)
    response = table_response("csv", name="x", columns=["a", "b"], rows=[[moment.date(), moment]])
    local = timezone.make_naive(moment).strftime("%Y-%m-%d %H:%M")
    assert read_csv(response)[1] == ["2026-01-02", local]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_dangerous_cell_leaves_in_a_csv(text):
    rows = read_csv(table_response("csv", name="x", columns=[text], rows=[[text]]))
    assert [row[0][0] for row in rows] == ["'", "'"]


def test_excel_holds_the_cells_as_text_numbers_and_days():
    rows = [['=HYPERLINK("http://x")', 3, 0.25, datetime.date(2026, 1, 2), None, "http://x"]]
    response = table_response("xlsx", name="x", columns=list("abcdef"), rows=rows)
    with zipfile.ZipFile(io.BytesIO(body(response))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.namelist()
    assert "<f>" not in sheet
    assert "'=HYPERLINK" in sheet
    assert "<v>3</v>" in sheet
    assert "<v>0.25</v>" in sheet
    assert "<v>46024</v>" in sheet  # that day, as Excel counts them
    assert not any("rels" in name and "sheet1" in name for name in names)  # no hyperlink


def test_excel_bears_control_characters_and_infinity():
    rows = [["a\x01b\x0bc\ud800", float("inf")]]
    with zipfile.ZipFile(
        io.BytesIO(body(table_response("xlsx", name="x", columns=["a", "b"], rows=rows)))
    ) as book:
        assert "abc" in book.read("xl/worksheets/sheet1.xml").decode()


def test_an_export_is_logged_with_what_was_asked_and_nobodys_data(recruiter):
    event = log_export(
        recruiter, what="ranking", rows=3, columns=["rank"], filters={"stage": "offer", "q": ""}, job_code="7"
    )
    stored = AccessEvent.objects.get(pk=event.pk)
    assert (stored.kind, stored.user, stored.job_code) == ("export", recruiter, "7")
    assert stored.details == {
        "what": "ranking",
        "rows": 3,
        "columns": ["rank"],
        "filters": {"stage": "offer"},
        "without_names": False,
        "format": "csv",
    }
