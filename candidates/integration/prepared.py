"""Statements on the path of every call, planned once a connection: planning takes longer than running."""

from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from django.db import DatabaseError, connection

# A pooler in between gave the connection to somebody else: the statement is not there, or there already.
# Or a migration changed a table under a running process, and the plan with it.
NOT_PREPARED = ("26000", "42P05", "0A000")


class Prepared:
    """``sql`` with ``%s`` in the places of ``types``; ``name`` is its own in a connection.

    It runs like any other inside a transaction, where a failure could not be mended, and from then on where
    the statement turned out not to be there.
    """

    def __init__(self, name: str, sql: str, *, types: Sequence[str]) -> None:
        self.sql = sql
        places = [f"${number}" for number, _type in enumerate(types, start=1)]
        self._prepare = f"PREPARE {name} ({', '.join(types)}) AS {sql % tuple(places)}"
        self._execute = f"EXECUTE {name} ({', '.join(['%s'] * len(types))})"
        self._known: WeakSet[Any] = WeakSet()
        self._plain = False

    def run(self, parameters: Sequence[Any]) -> None:
        self._run(parameters, fetch=False)

    def row(self, parameters: Sequence[Any]) -> Any:
        """The first row that was found, or None."""
        return self._run(parameters, fetch=True)

    def _run(self, parameters: Sequence[Any], *, fetch: bool) -> Any:
        with connection.cursor() as cursor:
            if not self._ran_prepared(cursor, parameters):
                cursor.execute(self.sql, parameters)
            return cursor.fetchone() if fetch else None

    def _ran_prepared(self, cursor: Any, parameters: Sequence[Any]) -> bool:
        if self._plain or connection.in_atomic_block:
            return False
        try:
            if connection.connection not in self._known:
                cursor.execute(self._prepare)
                self._known.add(connection.connection)
            cursor.execute(self._execute, parameters)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") not in NOT_PREPARED:
                raise
            self._plain = True
        return not self._plain
