# SPDX-License-Identifier: Apache-2.0
"""The cells of a table as texts and as what they mean, for those who inspect it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from greenroom_ml.tables.moments import is_date_column

MAX_COLUMNS = 1_000
# What people write for nothing.
MISSING = frozenset(
    {
        "",
        "NA",
        "N/A",
        "n/a",
        "#N/A",
        "NaN",
        "nan",
        "None",
        "null",
        "NULL",
        "?",
        "-",
        ".",
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing to know of a table.

    `code`: what it is, the same in form and run. `columns`: which it is about; none:
    the whole table. `figures`: what was counted. `sentence` says it, `remedy` what to
    do. `stops`: a person has to choose before a model learns from the table.
    """

    code: str
    columns: tuple[str, ...]
    figures: dict[str, Any]
    sentence: str
    remedy: str
    stops: bool = False

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}."


@dataclass(frozen=True)
class Cells:
    """One column: its cells as texts without padding, missing ones empty."""

    name: str
    texts: pd.Series
    decimal: str = "."
    thousands: str = ""

    @cached_property
    def filled(self) -> pd.Series:
        """The cells that hold something."""
        return self.texts[~self.texts.isin(MISSING)]

    @cached_property
    def numbers(self) -> pd.Series:
        """The filled cells as numbers; NaN where a cell is none."""
        plain = self.filled
        if self.thousands:
            plain = plain.str.replace(self.thousands, "", regex=False)
        if self.decimal != ".":
            plain = plain.str.replace(self.decimal, ".", regex=False)
        numbers = pd.to_numeric(plain, errors="coerce").astype("float64")
        return numbers.where(np.isfinite(numbers))

    @cached_property
    def distinct(self) -> int:
        """How many different filled cells there are."""
        return int(self.filled.nunique())

    @cached_property
    def is_number(self) -> bool:
        """Whether every filled cell is a number."""
        return len(self.filled) > 0 and bool(self.numbers.notna().all())

    @cached_property
    def is_integer(self) -> bool:
        """Whether every filled cell is a whole number."""
        return self.is_number and bool((self.numbers % 1 == 0).all())

    @cached_property
    def is_date(self) -> bool:
        """Whether the cells are dates, months or quarters."""
        return not self.is_number and is_date_column(self.filled)

    @cached_property
    def is_prose(self) -> bool:
        """Whether the texts differ in most rows, so that no model learns from them."""
        if self.is_number or self.is_date:
            return False
        return self.distinct > min(1_000, len(self.texts) // 2)

    @cached_property
    def run_lengths(self) -> np.ndarray:
        """How many rows follow each other with the same cell."""
        codes = pd.factorize(self.texts)[0]
        ends = np.flatnonzero(np.diff(codes))
        return np.diff(np.concatenate([[-1], ends, [len(codes) - 1]]))


@dataclass
class TableCells:
    """A table with its target, rows without a target left out."""

    frame: pd.DataFrame
    target_name: str
    task: str
    decimal: str = "."
    thousands: str = ""
    without_target: int = 0
    target: Cells = field(init=False)
    features: dict[str, Cells] = field(init=False)

    def __post_init__(self) -> None:
        # Cells keep the number of their row, by which a person finds them.
        frame = self.frame.reset_index(drop=True)
        columns = {str(name): self._cells(str(name), frame[name]) for name in frame}
        target = columns[self.target_name].texts
        labelled = ~target.isin(MISSING)
        self.without_target = int((~labelled).sum())
        if self.without_target:
            columns = {
                name: self._cells(name, cells.texts[labelled])
                for name, cells in columns.items()
            }
        self.target = columns.pop(self.target_name)
        self.features = columns

    @property
    def rows(self) -> int:
        """How many rows have a target."""
        return len(self.target.texts)

    def _cells(self, name: str, column: pd.Series) -> Cells:
        texts = column.astype("object").where(column.notna(), "").map(str).str.strip()
        return Cells(name, texts, self.decimal, self.thousands)
