"""Loads the data, checks it against its schema and splits it.

`python -m` of this module (`make data`) downloads a data set that is not in the
repository and checks that it is the one the schema describes.
"""

from __future__ import annotations

import csv
import hashlib
import http.client
import logging
import os
import re
import tempfile
import urllib.error
import urllib.request
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Iterator

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals
from sklearn import datasets

from .config import CLASSIFICATION, ROOT, Config, PipelineError, load_config, run_step
from .schema import BOOLEAN, TEXT, Column, Schema, convert, load_schema, schema_of

LOGGER = logging.getLogger(__name__)
# A target with more classes than this is almost surely a number to predict.
MAX_CLASSES = 100
MIN_ROWS = 20
# A column of text with more different values than this, or with a value of its own for
# most rows, holds names, numbers of orders, sentences: nothing that a row has in common
# with others.
MAX_TEXTS = 1000
# Cells are read as texts, which take much room: so many rows at a time.
CHUNK = 50_000
DOWNLOAD_TIMEOUT_SECONDS = 60


def load_data(config: Config) -> pd.DataFrame:
    """Return the features and, as the last column, the target.

    Numbers, dates (as days since 1970-01-01) and words for yes and no (as 1 and 0) are
    float64, all else is categories of text. Missing feature values stay missing: the
    model itself fills them in. Rows without a target are left out.
    """
    if config.csv_file is None:
        frame = getattr(datasets, f"load_{config.dataset}")(as_frame=True).frame
        source = f"The data set {config.dataset}"
        features = frame.drop(columns=config.target).astype("float64")
        target = frame[config.target]
        column = None
    else:
        schema = load_schema(config.csv_file.parent / "schema.json", config.target)
        column = schema.target
        source = config.csv_file.name
        frame = read_table(config.csv_file, schema)
        features = _without_prose(frame.drop(columns=config.target), schema, source)
        target = frame[config.target]
    unlabelled = int(target.isna().sum())
    if unlabelled:
        LOGGER.warning(
            "%s: %d of %d rows have no value in %r and are left out",
            *(source, unlabelled, len(target), config.target),
        )
        target = target.dropna()
        features = features.loc[target.index]
    target = _clean_target(target, column, config, source)
    if len(target) < MIN_ROWS:
        raise PipelineError(
            f"{source} has {len(target)} rows with a value in {config.target!r}; "
            f"at least {MIN_ROWS} are needed to train and to judge a model"
        )
    return features.assign(**{config.target: target}).reset_index(drop=True)


def schema_for(frame: pd.DataFrame, config: Config) -> Schema:
    """Return what the columns of `load_data` mean."""
    if config.csv_file is None:
        return schema_of(frame, config.target)
    schema = load_schema(config.csv_file.parent / "schema.json", config.target)
    used = tuple(column for column in schema.features if column.name in frame)
    return replace(schema, features=used, rows=len(frame))


def split_data(
    frame: pd.DataFrame, config: Config
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split into training and held-out rows, always the same way for the same seed.

    Each class keeps its share in both. A class of two rows or more is in both; the only
    row of a class is learnt from, and the class is judged by no row.
    """
    random = np.random.default_rng(config.seed)
    order = random.permutation(len(frame))
    if config.task == CLASSIFICATION:
        classes = pd.factorize(frame[config.target])[0][order]
    else:
        classes = np.zeros(len(frame), dtype=int)
    size = np.bincount(classes)
    held_out = np.minimum(np.maximum(np.round(size * config.test_size), 1), size - 1)
    rank = pd.Series(classes).groupby(classes).cumcount().to_numpy()
    is_held_out = np.empty(len(frame), dtype=bool)
    is_held_out[order] = rank < held_out[classes]
    return (
        frame[~is_held_out].reset_index(drop=True),
        frame[is_held_out].reset_index(drop=True),
    )


def data_digest(frame: pd.DataFrame) -> str:
    """Return a digest of every cell and column name.

    MLflow's own digest looks at the first 10,000 rows only, too few to tell whether two
    models were judged on the same data.
    """
    digest = hashlib.sha256("\0".join(frame.columns).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def read_table(path: Path, schema: Schema) -> pd.DataFrame:
    """Read the columns of the schema; raise PipelineError naming row and column.

    Rows are counted as a spreadsheet does: the headers are row 1. Columns that the
    schema does not know are left out, and the log says which.
    """
    try:
        encoding = "utf-8-sig" if schema.encoding == "utf-8" else schema.encoding
        with path.open(encoding=encoding, newline="") as file:
            records = csv.reader(file, delimiter=schema.delimiter)
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
                f"data/schema.json has; the file has {_listing(header)}"
            )
        if header.count(column.name) > 1:
            raise PipelineError(
                f"{source}, row 1: column {column.name!r} is there twice"
            )
        positions[column.name] = header.index(column.name)
    extra = [name for name in header if name and name not in positions]
    if extra:
        LOGGER.warning(
            "%s: not in data/schema.json and left out: %s", source, _listing(extra)
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
    stripped = texts.str.strip()
    missing = texts.isin(schema.missing) | stripped.isin(schema.missing)
    texts = stripped.mask(missing, None)
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


def _without_prose(features: pd.DataFrame, schema: Schema, source: str) -> pd.DataFrame:
    """Leave out the columns of text that differ from row to row, if others remain."""
    most = min(MAX_TEXTS, len(features) // 2)
    prose = [
        column.name
        for column in schema.features
        if column.type == TEXT and len(features[column.name].cat.categories) > most
    ]
    if not prose or len(prose) == features.shape[1]:
        return features
    LOGGER.warning(
        "%s: the texts differ in most rows, and are not learnt from: %s",
        *(source, _listing(prose)),
    )
    return features.drop(columns=prose)


def _clean_target(
    target: pd.Series, column: Column | None, config: Config, source: str
) -> pd.Series:
    name = config.target
    if target.empty:
        raise PipelineError(f"{source}: the target column {name!r} is empty")
    if config.task == CLASSIFICATION:
        return _clean_classes(target, column, name, source)
    numbers = pd.to_numeric(target.astype(object), errors="coerce")
    if numbers.isna().any():
        raise PipelineError(
            f"{source}: the target column {name!r} holds "
            f"{target[numbers.isna()].iloc[0]!r}, which is not a number, "
            "as regression needs"
        )
    return numbers.astype("float64")


def _clean_classes(
    target: pd.Series, column: Column | None, name: str, source: str
) -> pd.Series:
    if column is not None and column.type == BOOLEAN:
        # A class is called what the file calls it.
        target = target.map({1.0: column.true[0], 0.0: column.false[0]})
    elif pd.api.types.is_float_dtype(target) and (target % 1 == 0).all():
        target = target.astype("int64")
    elif not pd.api.types.is_integer_dtype(target):
        target = target.astype(str)
    counts = target.value_counts()
    if len(counts) == 1:
        raise PipelineError(
            f"{source}: the target column {name!r} has one class only, "
            f"{counts.index[0]!r}; there is nothing to learn"
        )
    if len(counts) > MAX_CLASSES:
        raise PipelineError(
            f"{source}: the target column {name!r} has {len(counts)} different "
            "values; set model.task to regression, or choose another column"
        )
    if counts.max() < 2:
        raise PipelineError(
            f"{source}: no class of the target column {name!r} has two rows, one "
            "to learn from and one to be judged by"
        )
    single = counts.index[counts < 2].tolist()
    if single:
        LOGGER.warning(
            "%s: of these classes of %r there is one row only, which is learnt from; "
            "no row judges them: %s",
            *(source, name, _listing(single)),
        )
    return target


def download(url: str, sha256: str | None, path: Path) -> bool:
    """Fetch a file unless it is there already; return whether it was fetched.

    It appears under its name only when it is complete and its digest is the right one.
    The variable DATA_URL may hold the address with what opens it, and is never shown.
    """
    if path.exists() and (sha256 is None or _sha256(path) == sha256):
        return False
    address = os.environ.get("DATA_URL", "").strip() or url
    if not re.match("https?://", address):
        where = f"data/schema.json: {url}" if address == url else "DATA_URL"
        raise PipelineError(f"{where} is not an http(s) address")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        digest = hashlib.sha256()
        with (
            os.fdopen(handle, "wb") as file,
            # The scheme is checked above.
            urllib.request.urlopen(  # nosec B310
                address, timeout=DOWNLOAD_TIMEOUT_SECONDS
            ) as answer,
        ):
            while block := answer.read(1 << 20):
                digest.update(block)
                file.write(block)
            if answer.length:
                raise OSError(f"it broke off {answer.length} bytes before its end")
        if sha256 is not None and digest.hexdigest() != sha256:
            raise PipelineError(
                f"{url} has changed: its SHA-256 is {digest.hexdigest()}, and "
                f"data/schema.json says {sha256}. If the new data is wanted, have its "
                "schema written anew"
            )
        os.replace(partial, path)
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise PipelineError(
            f"{url} cannot be downloaded: {_reason(error, address != url)}"
        ) from None
    finally:
        Path(partial).unlink(missing_ok=True)
    return True


def _reason(error: Exception, secret: bool) -> str:
    if isinstance(error, urllib.error.HTTPError):
        hint = (
            ". If it opens with a password or a token only, set DATA_URL to the whole "
            "address: in CI a secret of the repository, else a variable"
        )
        return f"{error}{hint if error.code in (400, 401, 403, 404) else ''}"
    # An address that is none is quoted by what refuses it.
    quoted = isinstance(error, (http.client.InvalidURL, ValueError))
    return type(error).__name__ if secret and quoted else str(error)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _listing(names: list) -> str:
    shown = [str(name) for name in names]
    return ", ".join(shown[:20]) + (", …" if len(shown) > 20 else "")


def main() -> None:
    """Download the data set, if it is one with an address, and check it."""
    config = load_config()
    name = config.dataset
    if config.csv_file is not None:
        name = os.path.relpath(config.csv_file, ROOT)
        schema = load_schema(config.csv_file.parent / "schema.json", config.target)
        if schema.url and download(schema.url, schema.sha256, config.csv_file):
            print(f"Downloaded {name}")
    frame = load_data(config)
    print(f"{name}: {len(frame)} rows, {frame.shape[1] - 1} columns to learn from")


if __name__ == "__main__":
    run_step(main)
