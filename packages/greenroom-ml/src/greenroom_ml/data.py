"""Loads the owner's rows and checks them; says what their columns mean."""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn import datasets

from greenroom_ml import owner
from greenroom_ml.config import CLASSIFICATION, Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.split import held_out
from greenroom_ml.evaluation.split_plan import SplitPlan
from greenroom_ml.inspection.column_kinds import MIN_NUMBERS, NO_NAME
from greenroom_ml.inspection.findings_of_table import inspect, to_say
from greenroom_ml.registry import source
from greenroom_ml.schema import (
    BOOLEAN,
    DAY,
    TEXT,
    Column,
    Schema,
    load_schema,
    schema_of,
)
from greenroom_ml.tables.table import listing, read_table

LOGGER = logging.getLogger(__name__)
# A target with more classes than this is almost surely a number to predict.
MAX_CLASSES = 100
MIN_ROWS = 20
# A column of text with more different values than this, or with a value of its own for
# most rows, holds names, numbers of orders, sentences: nothing that a row has in common
# with others.
MAX_TEXTS = 1000


def read_data(config: Config) -> pd.DataFrame:
    """Read the table that `config.yaml` names: what `load` in data.py does by default.

    Return one row for each of the table's and a column for each of its schema's, the
    target last. Numbers, dates (as days since 1970-01-01) and words for yes and no (as
    1 and 0) are float64, all else is categories of text. What is missing stays missing.
    """
    if config.csv_file is None:
        loader = getattr(datasets, f"load_{config.data.dataset}")
        return loader(as_frame=True).frame
    schema = _schema(config)
    frame = read_table(config.csv_file, schema)
    if config.task == CLASSIFICATION and schema.target.type == BOOLEAN:
        # A class is called what the file calls it.
        words = {1.0: schema.target.true[0], 0.0: schema.target.false[0]}
        frame[config.target] = frame[config.target].map(words)
    return frame


def load_data(config: Config) -> pd.DataFrame:
    """Return the rows of `load` in the owner's data.py, checked, the target last.

    Columns of `data.leave_out` are among them: rows may be split by them. Features are
    float64 or categories of text, whatever `load` makes of them. Rows without a target
    are left out. Raise PipelineError when there is nothing to learn from.
    """
    frame = owner.function(config, "data", "load")(config)
    where = f"data.py: load() of {config.data_name}"
    if not isinstance(frame, pd.DataFrame):
        raise PipelineError(f"{where} must return a DataFrame, not {type(frame)}")
    if config.target not in frame:
        raise PipelineError(
            f"{where} has no column {config.target!r} (data.target); it has "
            f"{listing(frame.columns)}"
        )
    unknown = [name for name in config.data.leave_out if name not in frame]
    if unknown:
        raise PipelineError(
            f"data.leave_out names {listing(unknown)}, which {config.data_name} has not"
        )
    target = frame[config.target]
    features = frame.drop(columns=config.target)
    unlabelled = int(target.isna().sum())
    if unlabelled:
        LOGGER.warning(
            "%s: %d of %d rows have no value in %r and are left out",
            *(config.data_name, unlabelled, len(target), config.target),
        )
        target = target.dropna()
        features = features.loc[target.index]
    target = _clean_target(target, config, config.data_name)
    if len(target) < MIN_ROWS:
        raise PipelineError(
            f"{config.data_name} has {len(target)} rows with a value in "
            f"{config.target!r}; at least {MIN_ROWS} are needed to train and to judge "
            "a model"
        )
    columns = {name: _feature(features[name]) for name in features}
    return pd.DataFrame({**columns, config.target: target}).reset_index(drop=True)


def schema_for(frame: pd.DataFrame, config: Config) -> Schema:
    """Return what the columns mean that are learnt from, and the target's.

    Those of `data/schema.json` are as it says; those that `load` has added are numbers
    or texts. Left out are the columns of `data.leave_out`, and texts that differ in
    most rows.
    """
    found = schema_of(frame, config.target)
    known: dict[str, Column] = {}
    if config.csv_file is not None:
        schema = _schema(config)
        known = {column.name: column for column in schema.columns}
        found = replace(
            schema,
            target=known.get(config.target, found.target),
            features=tuple(
                (
                    known.get(each.name, each)
                    if known.get(each.name, each).numeric == each.numeric
                    else each
                )
                for each in found.features
            ),
            rows=len(frame),
        )
    features = [
        each for each in found.features if each.name not in config.data.leave_out
    ]
    used = _without_prose(features, frame, config)
    if not used:
        raise PipelineError(
            f"{config.data_name} has no column to learn from beside the target"
        )
    return replace(found, features=tuple(used))


def _schema(config: Config) -> Schema:
    if config.csv_file is None:
        raise PipelineError(f"{config.data.dataset} has no schema")
    return load_schema(config.csv_file.parent / "schema.json", config.target)


def _feature(column: pd.Series) -> pd.Series:
    """Return a column as the model takes it: float64, or categories of text."""
    kind = pd.api.types
    if kind.is_datetime64_any_dtype(column):
        zone = column.dt.tz
        return (column - pd.Timestamp(0, tz=zone)) / DAY
    if kind.is_numeric_dtype(column):
        return column.astype("float64")
    texts = column.astype(object)
    return texts.where(texts.isna(), texts.astype(str)).astype("category")


def split_plan(frame: pd.DataFrame, config: Config) -> SplitPlan:
    """Return how rows are held out: by `split` of `config.yaml` and the table's cells.

    The target does not count, so that a corrected label moves no row to the other side;
    nor do columns that only count the rows, as copies of a row differ in them; nor
    those that `load` adds to `data/schema.json`. Columns of `data.leave_out` do: a
    choice of what to learn from must not shuffle the rows, and people with the same
    figures are no copies of each other.
    """
    names = [str(name) for name in frame]
    if config.csv_file is not None:
        known = [column.name for column in _schema(config).columns]
        names = [name for name in known if name in frame] or names
    names = [name for name in names if name != config.target]
    kept = config.data.keep
    key = [name for name in names if name in kept or not _counts_rows(frame[name])]
    split = config.split
    return SplitPlan(
        *(split.by, split.column, split.test_size, config.model.seed),
        tuple(key or names),
        config.target,
    )


def _counts_rows(column: pd.Series) -> bool:
    """Whether whole numbers count the rows, in whatever order these are now."""
    if not pd.api.types.is_numeric_dtype(column):
        return False
    # A name that only an index has stays one, whatever rows are added.
    if NO_NAME.match(str(column.name).strip()):
        return True
    steps = np.diff(np.sort(column.to_numpy("float64")))
    whole = (column % 1 == 0).all() and (steps > 0).all() and len(steps) >= MIN_NUMBERS
    return bool(whole and (steps == 1).mean() >= 0.9)


def split_data(
    frame: pd.DataFrame, config: Config
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split into training and held-out rows; a row keeps its side when rows are added.

    Equal rows are on one side. Raise PipelineError where nothing is left to learn.
    """
    is_held_out = held_out(frame, split_plan(frame, config))
    rows = frame[~is_held_out].reset_index(drop=True)
    if config.task == CLASSIFICATION and rows[config.target].nunique() < 2:
        raise PipelineError(
            f"split: the rows to learn from have one class of {config.target!r} only; "
            "choose another split.by, or hold out fewer rows (split.test_size)"
        )
    return rows, frame[is_held_out].reset_index(drop=True)


def data_digest(frame: pd.DataFrame) -> str:
    """Return a digest of every cell and column name.

    MLflow's own digest looks at the first 10,000 rows only, too few to tell whether two
    models were judged on the same data.
    """
    digest = hashlib.sha256("\0".join(frame.columns).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def _without_prose(
    features: list[Column], frame: pd.DataFrame, config: Config
) -> list[Column]:
    """Leave out the columns of text that differ from row to row, if others remain."""
    most = min(MAX_TEXTS, len(frame) // 2)
    prose = [
        column
        for column in features
        if column.type == TEXT and frame[column.name].nunique() > most
    ]
    if not prose or len(prose) == len(features):
        return features
    LOGGER.warning(
        "%s: the texts differ in most rows, and are not learnt from: %s",
        *(config.data_name, listing(column.name for column in prose)),
    )
    return [column for column in features if column not in prose]


def _clean_target(target: pd.Series, config: Config, source: str) -> pd.Series:
    name = config.target
    if target.empty:
        raise PipelineError(f"{source}: the target column {name!r} is empty")
    if config.task == CLASSIFICATION:
        return _clean_classes(target, name, source)
    numbers = pd.to_numeric(target.astype(object), errors="coerce")
    if numbers.isna().any():
        raise PipelineError(
            f"{source}: the target column {name!r} holds "
            f"{target[numbers.isna()].iloc[0]!r}, which is not a number, "
            "as regression needs"
        )
    return numbers.astype("float64")


def _clean_classes(target: pd.Series, name: str, source: str) -> pd.Series:
    if pd.api.types.is_float_dtype(target) and (target % 1 == 0).all():
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
            *(source, name, listing(single)),
        )
    return target


def main() -> None:
    """Download the data set, if it is one with an address, and check it."""
    config = load_config()
    if config.csv_file is not None:
        schema = _schema(config)
        name = os.path.relpath(config.csv_file)
        if schema.url and source.download(schema.url, schema.sha256, config.csv_file):
            print(f"Downloaded {name}")
    for finding in to_say(inspect(config), config):
        print(f"{'! ' if finding.stops else ''}{finding}")
    frame = load_data(config)
    learnt = len(schema_for(frame, config).features)
    print(f"{config.data_name}: {len(frame)} rows, {learnt} columns to learn from")
