"""A table of figures, for a terminal and for Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MISSING = "–"


@dataclass(frozen=True)
class Table:
    """The first column is left-aligned, the others right. Cells are text; "" stays empty."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        aligned = ["---", *["---:"] * (len(self.head) - 1)]
        lines = [self.head, *self.rows]
        return "\n".join([_line(lines[0]), f"|{'|'.join(aligned)}|", *map(_line, lines[1:])]) + "\n"

    def text(self, indent: str = "  ") -> str:
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(indent + "  ".join(_padded(line, widths)).rstrip() for line in lines) + "\n"


@dataclass(frozen=True)
class Section:
    """A paragraph, then a table or none."""

    text: str
    table: Table | None = None

    def markdown(self) -> str:
        return "\n".join([self.text + "\n", *([self.table.markdown()] if self.table else [])])

    def plain(self) -> str:
        return "\n".join([self.text, *([self.table.text()] if self.table else [""])])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _padded(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        yield cell.rjust(width) if number else cell.ljust(width)


def figure(value: float | None, digits: int = 3) -> str:
    return MISSING if value is None else f"{value:.{digits}f}"


def span(low: float | None, high: float | None) -> str:
    return MISSING if low is None or high is None else f"{low:.3f}–{high:.3f}"
