"""Tables as files: CSV and Excel that no spreadsheet program runs anything of, and the log of who took what.

A cell that begins like a formula is text with an apostrophe before it, in both kinds of file: an Excel file
is often saved as CSV later. Every export is logged before it is sent, without anybody's data.
"""

import csv
import datetime
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.models import AccessEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FORMATS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something older
FORMULA = re.compile(r"[\s\x00-\x1f\ufeff\u200b]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
CELL_AT_MOST = 32_000  # characters; Excel refuses a file with more than 32,767 in a cell
WIDTHS = (8, 60)  # of a column of an Excel file, in characters

Cell = str | int | float | Decimal | bool | datetime.date | datetime.datetime | None
Row = Sequence[Any]


def safe(value: Any) -> Cell:
    """``value`` as a cell that nothing is run of: numbers and dates as they are, all else text."""
    if value is None or isinstance(value, bool | int | float | Decimal | datetime.date):
        return value
    text = UNPRINTABLE.sub("", str(value))[:CELL_AT_MOST]
    return f"'{text}" if FORMULA.match(text) else text


def table_response(
    kind: str, *, name: str, columns: Sequence[Any], rows: Iterable[Row]
) -> StreamingHttpResponse | FileResponse:
    """``kind``: csv or xlsx; ``name``: of the file, without its ending."""
    return (xlsx_response if kind == "xlsx" else csv_response)(name=name, columns=columns, rows=rows)


def csv_response(*, name: str, columns: Sequence[Any], rows: Iterable[Row]) -> StreamingHttpResponse:
    """UTF-8 with a byte order mark and CRLF; sent while ``rows`` are read."""
    response = StreamingHttpResponse(_csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    _as_file(response, f"{name}.csv")
    return response


def xlsx_response(*, name: str, columns: Sequence[Any], rows: Iterable[Row]) -> FileResponse:
    """Written to a temporary file a row at a time, so that a large table needs no memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the response
    _write_xlsx(file, columns, rows)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    _as_file(response, f"{name}.xlsx")
    return response


def log_export(
    user: "User",
    *,
    what: str,
    rows: int,
    columns: Sequence[str],
    filters: Mapping[str, Any] | None = None,
    without_names: bool = False,
    kind: str = "csv",
    job_code: str = "",
) -> AccessEvent:
    """``what`` names the list ("ranking", "candidates"); ``columns`` by their keys, not their headings."""
    details = {
        "what": what,
        "rows": rows,
        "columns": list(columns),
        "filters": {key: value for key, value in (filters or {}).items() if value not in ("", None, [])},
        "without_names": without_names,
        "format": kind,
    }
    return AccessEvent.objects.create(
        kind=AccessEvent.Kind.EXPORT, user=user, job_code=job_code, details=details
    )


def _as_file(response: HttpResponseBase, name: str) -> None:
    safe_name = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")
    response.headers["Content-Disposition"] = f'attachment; filename="{safe_name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"


# CSV


class _Echo:
    """What a csv.writer writes to is what it returns."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(columns: Sequence[Any], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow([safe(column) for column in columns])
    for row in rows:
        yield writer.writerow([_as_text(safe(cell)) for cell in row])


def _as_text(cell: Cell) -> Any:
    """Days and times as ISO 8601 in the clock of the company, yes and no in words."""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime.datetime):
        return _local(cell).isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return cell


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


# Excel


def _write_xlsx(file: IO[bytes], columns: Sequence[Any], rows: Iterable[Row]) -> None:
    from xlsxwriter import Workbook

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"constant_memory": True, "nan_inf_to_errors": True, **plain}) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(1, 0)
        # In constant memory nothing can be changed behind the row that is being written
        for number, column in enumerate(columns):
            sheet.set_column(number, number, _width(column))
            sheet.write_string(0, number, str(safe(str(column))), head)
        for line, row in enumerate(rows, start=1):
            for number, cell in enumerate(row):
                _write_cell(sheet, line, number, safe(cell), day=day, moment=moment)


def _write_cell(sheet: Any, line: int, number: int, cell: Cell, *, day: Any, moment: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, number, cell)
    elif isinstance(cell, datetime.datetime):
        sheet.write_datetime(line, number, _local(cell), moment)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(line, number, cell, day)
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(line, number, cell)
    else:
        sheet.write_string(line, number, cell)


def _width(column: Any) -> int:
    low, high = WIDTHS
    return max(low, min(high, 2 * len(str(column))))
