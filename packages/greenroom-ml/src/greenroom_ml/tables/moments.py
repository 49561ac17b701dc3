# SPDX-License-Identifier: Apache-2.0
"""Reads the moments of rows: dates, months, quarters and years."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

# 2026-11-29, 2026/11/29 and what may follow: a time.
ISO_DATE = re.compile(
    r"\d{4}([-/]\d{1,2}|([-/.])\d{1,2}\2\d{1,2})([T ]\d{1,2}:\d{2}.*)?$"
)
QUARTER = re.compile(r"(\d{4})[- :]?Q([1-4])$", re.IGNORECASE)
# 4/5/2026: either the 4th of May or the 5th of April.
NUMERIC_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})([T ].*)?$")
NAMED_MONTH = re.compile(
    r"(\d{1,2}[- ])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-., ]+"
    r"(\d{1,2},? +)?\d{4}$",
    re.IGNORECASE,
)
TIME_NAME = re.compile(
    r"(?:^|[_ .-])(t|time|days?|week|months?|years?|yr|period|quarter|date)$",
    re.IGNORECASE,
)


def moments(column: pd.Series) -> pd.Series | None:
    """Return numbers that order the cells in time; none if they are no moments.

    Cells may be dates, numbers (days, years), or texts: ISO 8601 dates, months by name,
    quarters (1974Q1), numbers. Of 4/5/2026 nobody knows the order: where no cell of the
    column tells, the column is none. Missing cells are NaN; so are at most a tenth of
    cells that cannot be read.
    """
    if pd.api.types.is_datetime64_any_dtype(column):
        nanoseconds = column.astype("int64").astype("float64")
        return nanoseconds.where(column.notna())
    if isinstance(column.dtype, pd.PeriodDtype):
        return column.map(lambda period: period.ordinal, na_action="ignore")
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    texts = column.astype("object").where(column.notna(), "").map(str).str.strip()
    filled = texts[texts != ""]
    if filled.empty:
        return None
    values = _read(filled)
    if values is None or values.isna().mean() > 0.1:
        return None
    return values.reindex(column.index)


def is_date_column(column: pd.Series) -> bool:
    """Whether the cells are dates, months or quarters; plain numbers are not."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    if pd.api.types.is_numeric_dtype(column):
        return False
    texts = column.dropna().map(str).str.strip()
    texts = texts[texts != ""]
    if texts.empty or pd.to_numeric(texts, errors="coerce").notna().mean() > 0.5:
        return False
    return moments(texts) is not None


def day_first(texts: pd.Series) -> bool | None:
    """Return whether 4/5/2026 is the 4th of May; none if no cell tells."""
    parts = texts.str.extract(NUMERIC_DATE)
    first, second = parts[0].astype("float64"), parts[2].astype("float64")
    if (first > 12).any() and not (second > 12).any():
        return True
    if (second > 12).any() and not (first > 12).any():
        return False
    return None


def is_numeric_date(texts: pd.Series) -> bool:
    """Whether nearly all cells are dates like 4/5/2026."""
    return len(texts) > 0 and texts.str.match(NUMERIC_DATE).mean() > 0.9


def _read(texts: pd.Series) -> pd.Series | None:
    quarters = texts.str.extract(QUARTER)
    if quarters[0].notna().mean() > 0.9:
        years, parts = quarters[0].astype("float64"), quarters[1].astype("float64")
        return years * 4 + parts
    if is_numeric_date(texts):
        first = day_first(texts)
        if first is None:
            return None
        return _stamps(
            pd.to_datetime(texts, dayfirst=first, errors="coerce", format="mixed")
        )
    if texts.str.match(ISO_DATE).mean() > 0.9:
        plain = texts.str.replace("[/.]", "-", n=2, regex=True)
        return _stamps(pd.to_datetime(plain, errors="coerce", format="mixed", utc=True))
    if texts.str.match(NAMED_MONTH).mean() > 0.9:
        return _stamps(pd.to_datetime(texts, errors="coerce", format="mixed"))
    numbers = pd.to_numeric(texts, errors="coerce")
    return numbers.astype("float64") if numbers.notna().mean() > 0.9 else None


def _stamps(dates: pd.Series) -> pd.Series:
    nanoseconds = dates.astype("int64").astype("float64")
    return nanoseconds.where(dates.notna(), np.nan)
