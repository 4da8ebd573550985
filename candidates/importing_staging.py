"""Bulk loading: rows go by COPY into a temporary table first, and from there in one statement.

Staging tables belong to the database session and are filled outside of any transaction, so that a file is
read to its end before anything is changed. A connection pooler between must keep sessions (no
transaction pooling).
"""

# ruff: noqa: S608  (statements are put together from names of tables and columns in this code only)

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from django.db import DatabaseError, connection, models
from django.db.models.fields import NOT_PROVIDED

FLUSH_BYTES = 2 * 1024 * 1024
# One at a time changes what imports write; the number only has to be this program's own
LOCK = 73_363_462


class Staging:
    """A temporary table with the columns of ``select`` after its own ``position``, the row's number."""

    def __init__(self, name: str, columns: Sequence[str], *, select: str) -> None:
        self.name, self.columns, self._select = name, columns, select
        self.rows = 0
        self._lines: list[bytes] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        self.__exit__()
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE {self.name} AS SELECT 0::bigint AS position, {self._select} WITH NO DATA"
            )
            _compress_quickly(cursor, self.name)
        return self

    def __exit__(self, failure: object = None, *_: object) -> None:
        # After a failure the table may be out of reach; it goes with the transaction or the session
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{self.name}")
        except DatabaseError:
            if not failure:
                raise

    def add(self, values: Iterable[object]) -> None:
        self.rows += 1
        line = copy_line((self.rows, *values))
        self._lines.append(line)
        self._bytes += len(line)
        if self._bytes > FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Every row added is in the table when this returns."""
        if self._lines:
            copy_in(f"pg_temp.{self.name}", ("position", *self.columns), self._lines)
        self._lines, self._bytes = [], 0

    def drop_duplicates(self, *keys: str) -> list[str]:
        """Of rows with the same keys only the last stays; gives the keys that stood more than once."""
        named = ", ".join(keys)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE pg_temp.{self.name} ({named})")
            cursor.execute(f"""
                DELETE FROM pg_temp.{self.name} WHERE position IN (
                    SELECT position FROM (
                        SELECT position, row_number() OVER (PARTITION BY {named} ORDER BY position DESC) nth
                        FROM pg_temp.{self.name}
                    ) AS numbered WHERE nth > 1
                ) RETURNING concat_ws('/', {named})""")
            return [key for (key,) in cursor.fetchall()]


def copy_in(table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    # Copying in a thread while the next piece is read won nothing measurable on two shared cores
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        cursor.copy_expert(statement, io.BytesIO(b"".join(lines)), 256 * 1024)


def copy_line(values: Iterable[object]) -> bytes:
    """One row in COPY's text format, which Postgres reads faster than CSV; no text may hold a NUL."""
    # A surrogate without its pair cannot be stored by anyone
    row = "\0t".join(map(_copy_text, values)).encode("utf-8", "replace")
    # Escaped once for the whole row: NUL, which no text has, marks what must not be escaped
    row = row.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r").replace(b"\t", b"\\t")
    return row.replace(b"\0t", b"\t").replace(b"\0N", b"\\N") + b"\n"


def _copy_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "\0N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return "{" + ",".join(map(_array_element, value)) + "}"
    raise TypeError(type(value).__name__)


def _array_element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _compress_quickly(cursor: Any, table: str) -> None:
    """lz4 where the server has it: values keep their compression on the way into the real table."""
    cursor.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
    if cursor.fetchone()[0]:
        cursor.execute(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND attstorage = 'x'",
            [f"pg_temp.{table}"],
        )
        changes = [f"ALTER COLUMN {name} SET COMPRESSION lz4" for (name,) in cursor.fetchall()]
        cursor.execute(f"ALTER TABLE pg_temp.{table} {', '.join(changes)}")


def upsert(
    model: type[models.Model],
    *,
    source: str,
    key: Sequence[str],
    columns: Sequence[str],
    constants: Mapping[str, Any] | None = None,
    updates: Mapping[str, str] | None = None,
    differs: str = "",
) -> tuple[int, int]:
    """INSERT … ON CONFLICT from ``source``: writes only rows that differ; (created, updated).

    ``constants`` are columns that new and changed rows get alike; ``updates`` replaces what a column becomes
    in a changed row (``t`` is the row, ``EXCLUDED`` what comes); ``differs`` is the condition of a change, by
    default that any column differs.
    """
    constants = constants or {}
    defaults = _defaults(model, {*columns, *constants})
    values = [column for column in columns if column not in key]
    becomes = {column: f"EXCLUDED.{column}" for column in [*values, *constants]}
    becomes |= {"updated_at": "statement_timestamp()", **(updates or {})}
    statement = f"""
        WITH written AS (
            INSERT INTO {model._meta.db_table} AS t ({", ".join([*columns, *constants, *defaults])})
            SELECT {", ".join([*columns, *["%s"] * (len(constants) + len(defaults))])} FROM {source}
            ON CONFLICT ({", ".join(key)}) DO UPDATE
            SET {", ".join(f"{column} = {value}" for column, value in becomes.items())}
            WHERE {differs or differing(values)}
            RETURNING xmax = 0 AS created
        ) SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created) FROM written"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants.values(), *defaults.values()])
        created, updated = cursor.fetchone()
    return created, updated


def differing(columns: Iterable[str]) -> str:
    """The condition that any of the columns changes in an upsert."""
    sides = (", ".join(f"{side}.{column}" for column in columns) for side in ("t", "EXCLUDED"))
    return "({}) IS DISTINCT FROM ({})".format(*sides)


def _defaults(model: type[models.Model], given: set[str]) -> dict[str, Any]:
    """Values for the columns that may not be null and that neither the rows nor the database give."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key or field.column in given)
        and getattr(field, "db_default", NOT_PROVIDED) is NOT_PROVIDED
    }


def insert_missing(
    model: type[models.Model], *, query: str, columns: Sequence[str], constants: Mapping[str, Any]
) -> int:
    """Rows of ``query`` whose unique key is not there yet; how many were made."""
    defaults = dict(constants) | _defaults(model, {*columns, *constants})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join([*columns, *defaults])})"
            f" SELECT {', '.join([*columns, *['%s'] * len(defaults)])} FROM ({query}) AS found"
            " ON CONFLICT DO NOTHING",
            [*defaults.values()],
        )
        return int(cursor.rowcount)
