"""What a run learns from, in one piece: features, outcomes, and what figures are sliced by.

A `Dataset` is what a snapshot keeps: who has it needs neither database, nor texts, nor clock to train the
same model again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

# Name and dtype of each column of `Dataset.rows`
ROW_COLUMNS: Final[dict[str, str]] = {
    "candidate_id": "int64",
    "job_id": "int64",
    "as_of": "datetime64[s]",
    "y": "float64",
    "accept": "float64",
    "known": "bool",
    "area": "object",
    "seniority": "object",
    "client": "object",
}


@dataclass(frozen=True, eq=False)
class Dataset:
    """n applications.

    `X`: features, float32, NaN unknown. `rows`, in the same order, both indexed 0..n-1: candidate_id, job_id,
    as_of (day of application), y (1 hire, 0 none, NaN: no part in training), accept (1 accepted, 0 withdrew
    after being wanted, NaN otherwise), known (something is known of the person), and of the job: area (its
    first label), seniority (code), client (`client_key`).
    """

    X: pd.DataFrame
    rows: pd.DataFrame

    def __post_init__(self) -> None:
        if len(self.X) != len(self.rows):
            raise ValueError(f"{len(self.X)} rows of features, {len(self.rows)} of outcomes")
        missing = [name for name in ROW_COLUMNS if name not in self.rows.columns]
        if missing:
            raise ValueError(f"these columns are missing from the rows: {', '.join(missing)}")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def y(self) -> NDArray[np.float64]:
        return self.rows["y"].to_numpy(dtype=np.float64)

    @property
    def jobs(self) -> NDArray[np.int64]:
        return self.rows["job_id"].to_numpy(dtype=np.int64)

    @property
    def days(self) -> NDArray[np.datetime64]:
        return self.rows["as_of"].to_numpy().astype("datetime64[D]")

    def subset(self, positions: ArrayLike) -> Dataset:
        """The rows at these positions, in their order, numbered anew."""
        at = np.asarray(positions)
        return Dataset(
            self.X.iloc[at].reset_index(drop=True),
            self.rows.iloc[at].reset_index(drop=True),
        )


def make_dataset(X: pd.DataFrame, **columns: ArrayLike) -> Dataset:
    """A `Dataset` of `X` and its row columns; those that are left out are unknown.

    Needs y, job_id and as_of (n each). Raises ValueError for a name that is no row column, one that is
    missing, and values that are not n.
    """
    unknown = sorted(set(columns) - set(ROW_COLUMNS))
    if unknown:
        raise ValueError(f"these are no columns of a dataset: {', '.join(unknown)}")
    needed = [name for name in ("y", "job_id", "as_of") if name not in columns]
    if needed:
        raise ValueError(f"a dataset needs: {', '.join(needed)}")
    n = len(X)
    blank = {"candidate_id": np.arange(n), "accept": np.full(n, np.nan), "known": np.ones(n, dtype=bool)}
    text = {name: np.full(n, "", dtype=object) for name in ("area", "seniority", "client")}
    given = blank | text | {name: np.asarray(values) for name, values in columns.items()}
    other = [name for name, values in given.items() if len(values) != n]
    if other:  # pandas would fill what is short with unknown
        raise ValueError(f"{n} rows of features, but another number of: {', '.join(other)}")
    rows = pd.DataFrame({name: pd.Series(given[name], dtype=kind) for name, kind in ROW_COLUMNS.items()})
    return Dataset(X.reset_index(drop=True), rows)


def client_key(name: str) -> str:
    """Twelve hex digits that stand for a client, so that figures can leave the biggest out and snapshots
    hold no name; "" when there is none."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().strip()
    return hashlib.sha256(folded.encode()).hexdigest()[:12] if folded else ""
