"""Reads the table in the repository as its schema says; names what does not fit."""

from __future__ import annotations

import csv
import logging
from itertools import islice
from pathlib import Path
from typing import Any, Iterable, Iterator

import pandas as pd
from pandas.api.types import union_categoricals

from greenroom_ml.errors import PipelineError
from greenroom_ml.schema import Column, Schema, convert
from greenroom_ml.tables.cells import clean

LOGGER = logging.getLogger(__name__)
# Cells are read as texts, which take much room: so many rows at a time.
CHUNK = 50_000


def read_table(path: Path, schema: Schema) -> pd.DataFrame:
    """Read the columns of the schema; raise PipelineError naming row and column.

    Rows are counted as a spreadsheet does: the headers are row 1. Columns that the
    schema does not know are left out, and the log says which.
    """
    try:
        encoding = "utf-8-sig" if schema.encoding == "utf-8" else schema.encoding
        with path.open(encoding=encoding, newline="") as file:
            records = csv.reader(
                file,
                delimiter=schema.delimiter,
                skipinitialspace=schema.skipinitialspace,
            )
            header = [name.strip() for name in next(records, [])]
            positions = _positions(header, schema, path.name)
            chunks = list(_chunks(records, header, positions, schema, path.name))
    except FileNotFoundError as error:
        raise PipelineError(
            f"{path.name} (data.csv_file) is not in the repository's folder "
            f"{path.parent.name}" + (": run `make data`" if schema.url else "")
        ) from error
    except UnicodeError as error:
        raise PipelineError(
            f"{path.name} is not {schema.encoding}, as data/schema.json says: {error}"
        ) from error
    except csv.Error as error:
        raise PipelineError(f"{path.name} is not a table: {error}") from error
    if not chunks:
        raise PipelineError(f"{path.name} has no rows below its headers")
    return pd.DataFrame(
        {name: _joined([chunk.pop(name) for chunk in chunks]) for name in positions}
    )


def _positions(header: list[str], schema: Schema, source: str) -> dict[str, int]:
    if not header:
        raise PipelineError(f"{source} is empty; row 1 must hold the headers")
    positions = {}
    for column in schema.columns:
        if column.name not in header:
            raise PipelineError(
                f"{source}, row 1: there is no column {column.name!r}, which "
                f"data/schema.json has; the file has {listing(header)}"
            )
        if header.count(column.name) > 1:
            raise PipelineError(
                f"{source}, row 1: column {column.name!r} is there twice"
            )
        positions[column.name] = header.index(column.name)
    extra = [name for name in header if name and name not in positions]
    if extra:
        LOGGER.warning(
            "%s: not in data/schema.json and left out: %s", source, listing(extra)
        )
    return positions


def _chunks(
    records: Iterator[list[str]],
    header: list[str],
    positions: dict[str, int],
    schema: Schema,
    source: str,
) -> Iterator[dict[str, pd.Series]]:
    numbered = (
        (row, cells)
        for row, cells in enumerate(records, 2)
        if any(map(str.strip, cells))
    )
    while chunk := list(islice(numbered, CHUNK)):
        for row, cells in chunk:
            if len(cells) < len(header) or any(map(str.strip, cells[len(header) :])):
                raise PipelineError(
                    f"{source}, row {row}: there are {len(cells)} cells, but "
                    f"{len(header)} headers"
                )
        rows = [row for row, _ in chunk]
        yield {
            column.name: _cells(
                pd.Series([c[positions[column.name]] for _, c in chunk], index=rows),
                column,
                schema,
                source,
            )
            for column in schema.columns
        }


def _cells(texts: pd.Series, column: Column, schema: Schema, source: str) -> pd.Series:
    texts = clean(texts, schema.missing, column.present)
    try:
        return convert(column, texts, schema.decimal, schema.thousands)
    except ValueError as error:
        row = error.args[0]
        raise PipelineError(
            f"{source}, row {row}, column {column.name!r}: {texts.loc[row]!r} is not "
            f"{column.expected}"
        ) from error


def _joined(parts: list[pd.Series]) -> pd.Series:
    if isinstance(parts[0].dtype, pd.CategoricalDtype):
        return pd.Series(union_categoricals(parts, sort_categories=True))
    return pd.concat(parts, ignore_index=True)


def listing(names: Iterable[Any]) -> str:
    """Return the first twenty names as they are shown in a sentence."""
    shown = [str(name) for name in names]
    return ", ".join(shown[:20]) + (", …" if len(shown) > 20 else "")
