"""What the columns of the data mean: read from `data/schema.json`, used on every row.

A model takes numbers and texts. Dates become days since 1970-01-01, and words for yes
and no become 1 and 0: here and nowhere else, for training and for serving alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenroom_ml.errors import PipelineError

NUMBER, BOOLEAN, DATE = "number", "boolean", "date"
CATEGORY, TEXT = "category", "text"
TYPES = (NUMBER, BOOLEAN, DATE, CATEGORY, TEXT)
DAY = pd.Timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Column:
    """One column: its type, and the words or the format it is written in."""

    name: str
    type: str
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    format: str | None = None
    # What stands for a missing value elsewhere in the table, and is a value here.
    present: frozenset[str] = frozenset()

    @property
    def numeric(self) -> bool:
        """Whether the model takes the column as a number."""
        return self.type in (NUMBER, BOOLEAN, DATE)

    @property
    def expected(self) -> str:
        """What a cell must hold, in words."""
        if self.type == BOOLEAN:
            return f"one of {', '.join((*self.true, *self.false))}"
        if self.type == DATE:
            return f"a date like {self.format}" if self.format else "an ISO 8601 date"
        return "a number"


@dataclass(frozen=True)
class Schema:
    """The columns to learn from and the one to predict, and how the file is written."""

    features: tuple[Column, ...]
    target: Column
    rows: int
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str = ""
    missing: frozenset[str] = frozenset({""})
    skipinitialspace: bool = False
    url: str | None = None
    sha256: str | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that is used, the target last."""
        return (*self.features, self.target)


def load_schema(path: Path, target: str) -> Schema:
    """Read the schema; raise PipelineError naming the entry that is wrong."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        columns = [_column(entry) for entry in content["columns"]]
        dialect, source = content["csv"], content["source"]
        schema = Schema(
            features=tuple(column for column in columns if column.name != target),
            target=next(column for column in columns if column.name == target),
            rows=int(content["rows"]),
            delimiter=dialect["delimiter"],
            encoding=dialect["encoding"],
            decimal=dialect["decimal"],
            thousands=dialect.get("thousands", ""),
            missing=frozenset({"", *dialect["missing"]}),
            skipinitialspace=bool(dialect.get("skipinitialspace")),
            url=source.get("url"),
            sha256=source.get("sha256"),
        )
    except StopIteration:
        raise PipelineError(
            f"{path.name} has no column {target!r} (data.target in config.yaml)"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PipelineError(f"{path.name} cannot be read: {error!r}") from error
    if not schema.features:
        raise PipelineError(
            f"{path.name} has no column to learn from beside the target"
        )
    for name in {column.name for column in columns}:
        if sum(column.name == name for column in columns) > 1:
            raise PipelineError(f"{path.name} has the column {name!r} twice")
    return schema


def schema_of(frame: pd.DataFrame, target: str) -> Schema:
    """Return the schema of a table in memory: what is no number is a text."""

    def column(name: str) -> Column:
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        return Column(name, NUMBER if numeric else CATEGORY)

    features = tuple(column(name) for name in frame.columns if name != target)
    return Schema(features, column(target), rows=len(frame))


def _column(entry: dict[str, Any]) -> Column:
    if entry["type"] not in TYPES:
        raise ValueError(
            f"column {entry['name']!r}: type must be one of {', '.join(TYPES)}; "
            f"it is {entry['type']!r}"
        )
    return Column(
        name=entry["name"],
        type=entry["type"],
        true=tuple(entry.get("true", ())),
        false=tuple(entry.get("false", ())),
        format=entry.get("format"),
        present=frozenset(entry.get("present", ())),
    )


def convert(
    column: Column, texts: pd.Series, decimal: str = ".", thousands: str = ""
) -> pd.Series:
    """Return what the model takes for the texts of one column.

    Missing texts stay missing. Raise ValueError with the index of the first text that
    does not fit as its only argument.
    """
    if not column.numeric:
        return texts.astype("category")
    if column.type == BOOLEAN:
        words = {word.casefold(): 1.0 for word in column.true}
        words.update({word.casefold(): 0.0 for word in column.false})
        values = texts.str.casefold().map(words).astype("float64")
    elif column.type == DATE:
        values = _days(column, texts)
    else:
        plain = texts.str.replace(thousands, "", regex=False) if thousands else texts
        if decimal != ".":
            plain = plain.str.replace(decimal, ".", regex=False)
        values = pd.to_numeric(plain, errors="coerce").astype("float64")
        values = values.where(np.isfinite(values))
    wrong = values.isna() & texts.notna()
    if wrong.any():
        raise ValueError(wrong.idxmax())
    return values


def _days(column: Column, texts: pd.Series) -> pd.Series:
    dates = pd.to_datetime(
        texts, errors="coerce", format=column.format or "ISO8601", utc=True
    )
    days = (dates - pd.Timestamp(EPOCH)) / DAY
    # pandas ends in 2262; people write 9999-12-31 for "open".
    for index in texts.index[days.isna() & texts.notna()]:
        days.loc[index] = _distant_days(column, texts.loc[index])
    return days


def _distant_days(column: Column, text: str) -> float:
    try:
        if column.format:
            date = datetime.strptime(text, column.format)
        else:
            date = datetime.fromisoformat(text)
    except ValueError:
        return float("nan")
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return (date - EPOCH).total_seconds() / 86400


def describe_cells(schema: Schema) -> dict[str, Any]:
    """Return how the cells of the features were read, for a server to do the same.

    `words`: of `describe_words`; `missing`: which texts are no value, and `present` by
    column where they are one all the same.
    """
    return {
        "words": describe_words(schema),
        "missing": sorted(schema.missing),
        "present": {
            column.name: sorted(column.present)
            for column in schema.features
            if column.present
        },
    }


def describe_words(schema: Schema) -> list[dict[str, Any]]:
    """Return the features that people write as words, and how.

    It is logged with the model, so that a server can take `yes` and `31.12.2025`.
    """
    return [
        {
            "name": column.name,
            "type": column.type,
            "true": list(column.true),
            "false": list(column.false),
            "format": column.format,
        }
        for column in schema.features
        if column.type in (BOOLEAN, DATE)
    ]
