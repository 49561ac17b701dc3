# SPDX-License-Identifier: Apache-2.0
"""What rows show together: order in time, alike neighbours, duplicates, number."""

from __future__ import annotations

import re
from typing import Iterator

import numpy as np
import pandas as pd

from greenroom_ml.evaluation.metrics import REGRESSION
from greenroom_ml.inspection.column_kinds import is_years
from greenroom_ml.tables.moments import TIME_NAME, moments
from greenroom_ml.tables.table_cells import MAX_COLUMNS, Cells, Finding, TableCells

MIN_ROWS = 50
# A column of dates says when something was, one of these says when someone was born.
BIRTH = re.compile("birth|born|dob", re.IGNORECASE)
MIN_MOMENTS = 20
# So alike are neighbours in a series; of rows in no order it is near 0.
ALIKE = 0.5


def find_in_rows(table: TableCells, named: set[str]) -> list[Finding]:
    """Return what the rows show; `named` are columns of which something is known."""
    findings = [*_number_of_rows(table), *_duplicates(table)]
    when = _in_time_order(table)
    if when:
        findings.append(when)
    elif not named and _neighbours_are_alike(table):
        findings.append(
            Finding(
                "rows-resemble-neighbours",
                (),
                {"correlation": round(_autocorrelation(_target_codes(table)), 2)},
                f"{table.target_name} is much alike in rows that follow each other.",
                "If rows are in the order of time or place, set split.by: time, or "
                "group with a column of what neighbours have in common",
            )
        )
    return findings


def _number_of_rows(table: TableCells) -> Iterator[Finding]:
    if table.rows < MIN_ROWS:
        yield Finding(
            "too-few-rows",
            (),
            {"rows": table.rows},
            f"{table.rows} rows have a value in {table.target_name}; at least "
            f"{MIN_ROWS} are needed to train a model and to judge it.",
            "Add rows, or put too-few-rows in data.keep to see what little they tell",
            stops=True,
        )
    if len(table.features) + 1 > MAX_COLUMNS:
        yield Finding(
            "too-many-columns",
            (),
            {"columns": len(table.features) + 1},
            f"The table has {len(table.features) + 1:,} columns; it may have "
            f"{MAX_COLUMNS:,}.",
            "Keep those that a person would look at, or make few of many in data.py, "
            "for example by sklearn.decomposition.PCA",
            stops=True,
        )
    if table.without_target:
        yield Finding(
            "missing-target",
            (table.target_name,),
            {"rows": table.without_target},
            f"{table.without_target:,} rows have no value in {table.target_name}.",
            "They are left out",
        )


def _duplicates(table: TableCells) -> Iterator[Finding]:
    columns = {name: cells.texts for name, cells in table.features.items()}
    frame = pd.DataFrame({**columns, table.target_name: table.target.texts})
    equal = int(frame.duplicated().sum())
    if equal:
        yield Finding(
            "duplicate-rows",
            (),
            {"rows": equal, "share": round(equal / table.rows, 4)},
            f"{equal:,} of {table.rows:,} rows are there before, cell by cell.",
            "Equal rows are held out together or not at all; remove them if each thing "
            "should count once",
        )


def _in_time_order(table: TableCells) -> Finding | None:
    found = [
        (order, cells)
        for cells in table.features.values()
        if (order := _order(cells)) is not None
    ]
    if not found:
        return None
    (distinct, ordered), cells = max(found, key=lambda pair: (pair[0][1], pair[0][0]))
    alike = _autocorrelation(_target_codes(table))
    # One row a moment is a series; so are rows in order that resemble their neighbours.
    series = ordered and (distinct >= 0.9 * table.rows or alike >= ALIKE)
    where = (
        "Rows are in the order of"
        if ordered
        else "Every row has a moment of its own in"
    )
    return Finding(
        "time-order",
        (cells.name,),
        {"moments": distinct, "autocorrelation": round(alike, 2)},
        f"{where} {cells.name} ({distinct:,} different moments in {table.rows:,} "
        "rows). A split by rows judges on moments between those that it has learnt.",
        f"Set split.by: time and split.column: {cells.name} if it is to predict what "
        "comes, or put time-order in data.keep",
        stops=series,
    )


def _order(cells: Cells) -> tuple[int, bool] | None:
    """Return how many moments a column has, and whether rows are in their order."""
    if BIRTH.search(cells.name) or len(cells.filled) < len(cells.texts):
        return None
    when = moments(cells.filled) if cells.is_date else None
    if when is None:
        if not (cells.is_number and _are_moments(cells)):
            return None
        when = cells.numbers
    when = when.dropna()
    steps = np.diff(when.to_numpy())
    distinct = int(when.nunique())
    if distinct < 4 or len(steps) < 10:
        return None
    # Of dates, a few may be entered late; numbers are no moments then.
    enough = 0.99 if cells.is_date else 1
    ordered = bool((steps >= 0).mean() >= enough or (steps <= 0).mean() >= enough)
    own = cells.is_date and distinct >= 0.5 * len(when)
    return (distinct, ordered) if ordered or own else None


def _are_moments(cells: Cells) -> bool:
    """Whether numbers are years or months, or as many as the moments of a series."""
    if is_years(cells):
        return cells.distinct >= 5
    name, numbers = cells.name.strip().lower(), cells.numbers
    if not TIME_NAME.search(name):
        return False
    two_digits = name.endswith(("year", "yr")) and bool(numbers.between(0, 99).all())
    months = name.endswith("month") and bool(numbers.between(1, 12).all())
    return cells.distinct >= MIN_MOMENTS or two_digits or months


def _neighbours_are_alike(table: TableCells) -> bool:
    """Whether numbers of the target follow a course that no sorted column explains."""
    if table.task != REGRESSION or table.rows < MIN_ROWS:
        return False
    values = _target_codes(table)
    rising = float((np.diff(values) >= 0).mean())
    if not 0.1 < rising < 0.9 or _autocorrelation(values) < ALIKE:
        return False
    for cells in table.features.values():
        if cells.is_number:
            steps = np.diff(cells.numbers.to_numpy())
            steps = steps[steps != 0]
            if len(steps) and max((steps > 0).mean(), (steps < 0).mean()) > 0.95:
                return False
        elif len(cells.run_lengths) <= 2 * max(cells.distinct, 2):
            means = pd.Series(values).groupby(cells.texts.to_numpy()).transform("mean")
            if _autocorrelation(values - means.to_numpy()) < ALIKE:
                return False
    return True


def _target_codes(table: TableCells) -> np.ndarray:
    """Return the target as numbers: classes are 1 for the most frequent, else 0."""
    if table.task == REGRESSION:
        numbers = table.target.numbers
        return np.asarray(numbers.fillna(numbers.mean()))
    texts = table.target.texts
    return np.asarray(texts == texts.mode().iloc[0], dtype="float64")


def _autocorrelation(values: np.ndarray) -> float:
    """Return the correlation of each value with the next."""
    if len(values) < 3 or np.std(values[1:]) == 0 or np.std(values[:-1]) == 0:
        return 0.0
    return float(np.corrcoef(values[1:], values[:-1])[0, 1])
