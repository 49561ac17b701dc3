# SPDX-License-Identifier: Apache-2.0
"""How rows are held out, and the hashes that choose their side.

The cells are hashed here, with hashlib, because what pandas or NumPy make of a row may
differ in a next version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenroom_ml.errors import PipelineError

ROWS, TIME, GROUP = "rows", "time", "group"


@dataclass(frozen=True)
class SplitPlan:
    """How rows are held out.

    `by`: rows, time or group. `column`: the moment of a row (none: rows are in time
    order), or what the rows of a group have in common. `key`: the columns whose cells
    choose the side of a row (none: all), the target aside. Names and identifiers belong
    to it, learnt from or not: two people of one age are no duplicates. A column that
    counts the rows does not, as it makes duplicates differ. The plan is kept with the
    model, so that `held_out` can say of other rows which of them that model has seen.
    """

    by: str = ROWS
    column: str | None = None
    test_size: float = 0.25
    seed: int = 42
    key: tuple[str, ...] | None = None
    target: str | None = None


def row_hashes(frame: pd.DataFrame, plan: SplitPlan) -> np.ndarray:
    """Return a 64-bit number for each row: the same for rows that belong together.

    By group it is that of the cell in the plan's column, else that of the key's cells;
    the seed salts it. Raise PipelineError where a column is none of the table.
    """
    names = frame.columns if plan.key is None else plan.key
    gone = [str(name) for name in names if name not in frame]
    if gone:
        raise PipelineError(
            "rows were held out by columns that the table no longer has: "
            f"{', '.join(gone)}"
        )
    key = frame[[name for name in names if name != plan.target]]
    if plan.by == GROUP:
        if plan.column not in frame:
            raise PipelineError(
                f"split.column: there is no column {plan.column!r}; the table has "
                f"{', '.join(map(str, frame.columns))}"
            )
        column = frame[plan.column]
        # What has no group is a group of its own.
        return np.where(
            column.isna().to_numpy(),
            _hashes_of(key, plan.seed),
            _hashes_of(column.to_frame(), plan.seed),
        )
    return _hashes_of(key, plan.seed)


def _hashes_of(frame: pd.DataFrame, seed: int) -> np.ndarray:
    """Return a 64-bit hash of each row's cells, of their values and not their types.

    A number is the same whether its column is of integers or floats, which may change
    with a next row; columns count in the order of their names.
    """
    numbers, texts = [], []
    for name in sorted(frame.columns, key=str):
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            # Adding 0 makes -0 the same as 0.
            numbers.append(column.astype("float64").to_numpy() + 0.0)
        else:
            texts.append(column.astype("object").where(column.notna(), "").map(str))
    rows = len(frame)
    values = np.column_stack(numbers) if numbers else np.zeros((rows, 0))
    values = np.where(np.isnan(values), np.nan, values).astype("<f8")
    words = zip(*texts) if texts else ((),) * rows
    salt = int(seed).to_bytes(16, "little", signed=True)
    digests = (
        hashlib.blake2b(
            row.tobytes() + "\x1f".join(cells).encode("utf-8", "surrogatepass"),
            digest_size=8,
            salt=salt,
        ).digest()
        for row, cells in zip(values, words)
    )
    return np.frombuffer(b"".join(digests), dtype="<u8")
