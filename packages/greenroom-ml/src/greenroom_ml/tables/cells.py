"""The cells of a request: checked and converted, a column at a time."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import pandas as pd

from greenroom_ml import schema

# The largest number that fits into 32 bits, with which most models compute.
LARGEST = float(np.finfo("float32").max)
# The numbers of MLflow's signatures, as NumPy calls them.
DTYPES = {
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
}


class InvalidRequest(ValueError):
    """What the caller has to put right; the message says where and how."""


def clean(
    texts: pd.Series, missing: frozenset[str], present: frozenset[str] = frozenset()
) -> pd.Series:
    """Return texts without padding; what stands for a missing value is None.

    In training and in serving alike. `missing`: how the table writes that there is no
    value; `present`: which of these are values in this column.
    """
    stripped = texts.str.strip()
    gone = texts.isin(missing) | stripped.isin(missing)
    return stripped.mask(gone & ~stripped.isin(present), None)


def column(name: str, kind: str, values: list[Any]) -> pd.Series:
    """Return one column in the type that MLflow's signature gives it.

    A missing value (null) stays missing. Raise InvalidRequest naming the first cell
    that does not fit.
    """
    if kind in ("double", "float"):
        return pd.Series(_numbers(name, values), dtype=DTYPES[kind])
    if kind in ("long", "integer"):
        return pd.Series(_integers(name, values, DTYPES[kind]))
    if kind == "boolean":
        return pd.Series(_truths(name, values))
    texts = _texts(name, values)
    if kind == "datetime":
        return _dates(name, texts)
    return pd.Series(texts, dtype=object)


def without_words(column: schema.Column, values: list[Any]) -> list[Any]:
    """Put numbers in the place of dates and of words for yes and no."""
    values = list(values)
    places = [row for row, value in enumerate(values) if isinstance(value, str)]
    if not places:
        return values
    texts = pd.Series([values[row] for row in places], index=places)
    try:
        numbers = schema.convert(column, texts)
    except ValueError as error:
        row = error.args[0]
        _refuse(column.name, row, values[row], column.expected)
    for row, number in numbers.items():
        values[row] = number
    return values


def _numbers(name: str, values: list[Any]) -> np.ndarray:
    if not set(map(type, values)) <= {int, float, bool, type(None)}:
        for row, value in enumerate(values):
            if value is not None and not isinstance(value, (int, float)):
                _refuse(name, row, value, "a number")
    for row, value in enumerate(values):
        if value is not None and abs(value) > LARGEST:
            _refuse(name, row, value, "a number below 3.4e38")
    return np.array(values, dtype="float64")


def _integers(name: str, values: list[Any], dtype: str) -> np.ndarray:
    bounds = np.iinfo(dtype)
    for row, value in enumerate(values):
        whole = isinstance(value, int) or (
            isinstance(value, float) and value.is_integer()
        )
        if not whole or not bounds.min <= value <= bounds.max:
            _refuse(name, row, value, f"a whole number of {bounds.bits} bits")
    return np.array([int(value) for value in values], dtype=dtype)


def _truths(name: str, values: list[Any]) -> np.ndarray:
    for row, value in enumerate(values):
        if value is not None and not isinstance(value, bool):
            _refuse(name, row, value, "true or false")
    return np.array(values, dtype=object if None in values else bool)


def _texts(name: str, values: list[Any]) -> list[str | None]:
    texts: list[str | None] = []
    for row, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            _refuse(name, row, value, "a text")
        texts.append(value)
    return texts


def _dates(name: str, texts: list[str | None]) -> pd.Series:
    given = pd.Series(texts, dtype=object)
    dates = pd.to_datetime(given, errors="coerce", format="ISO8601", utc=True)
    wrong = np.flatnonzero(dates.isna() & given.notna())
    if len(wrong):
        _refuse(name, int(wrong[0]), texts[wrong[0]], "a date like 2026-01-31")
    return dates.dt.tz_localize(None)


def _refuse(name: str, row: int, value: Any, expected: str) -> NoReturn:
    raise InvalidRequest(
        f"column {name!r}, row {row}: {short(value)} is not {expected}"
    )


def short(value: Any) -> str:
    """Return a value as it is shown in a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
