"""Loads the data, cleans it and splits it into training and held-out rows."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pandas as pd
from sklearn import datasets
from sklearn.model_selection import train_test_split

from .config import CLASSIFICATION, Config, PipelineError

# A target with more classes than this is almost surely a number to predict.
MAX_CLASSES = 100
MIN_ROWS = 20


def load_data(config: Config) -> pd.DataFrame:
    """Return the features and, as the last column, the target.

    Numbers (and dates, as days since 1970-01-01) are float64, all else is text; missing
    feature values stay missing: the model itself fills them in.
    """
    if config.csv_file is None:
        frame = getattr(datasets, f"load_{config.dataset}")(as_frame=True).frame
        source = f"The data set {config.dataset}"
    else:
        frame = read_csv(config.csv_file)
        source = config.csv_file.name
    if config.target not in frame.columns:
        raise PipelineError(
            f"{source} has no column {config.target!r} (data.target); "
            f"it has {_listing(frame.columns)}"
        )
    target = _clean_target(frame[config.target], config, source)
    features = _clean_features(frame.drop(columns=config.target), source)
    frame = features.loc[target.index].assign(**{config.target: target})
    if len(frame) < MIN_ROWS:
        raise PipelineError(
            f"{source} has {len(frame)} rows with a value in {config.target!r}; "
            f"at least {MIN_ROWS} are needed to train and to judge a model"
        )
    return frame.reset_index(drop=True)


def split_data(
    frame: pd.DataFrame, config: Config
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split into training and held-out rows, always the same way for the same seed."""
    stratify = frame[config.target] if config.task == CLASSIFICATION else None
    try:
        train, test = train_test_split(
            frame,
            test_size=config.test_size,
            random_state=config.seed,
            stratify=stratify,
        )
    except ValueError as error:
        raise PipelineError(
            f"The {len(frame)} rows cannot be split by {config.target!r} with "
            f"data.test_size {config.test_size}: {error}"
        ) from error
    return train.reset_index(drop=True), test.reset_index(drop=True)


def data_digest(frame: pd.DataFrame) -> str:
    """Return a digest of every cell and column name.

    MLflow's own digest looks at the first 10,000 rows only, too few to tell whether two
    models were judged on the same data.
    """
    digest = hashlib.sha256("\0".join(frame.columns).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table separated by comma, semicolon, tab or |, with a row of headers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.read(64 * 1024)
        try:
            separator = csv.Sniffer().sniff(head, delimiters=",;\t|").delimiter
        except csv.Error:
            separator = ","
        frame = pd.read_csv(path, sep=separator, encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PipelineError(
            f"{path.name} (data.csv_file) is not in the repository's "
            f"folder {path.parent.name}"
        ) from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"{path.name} is not UTF-8; save it as UTF-8") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise PipelineError(f"{path.name} is not a table: {error}") from error
    frame.columns = [str(column).strip() for column in frame.columns]
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice) > 0:
        raise PipelineError(f"{path.name} has the column {twice[0]!r} twice")
    return frame


def _clean_target(target: pd.Series, config: Config, source: str) -> pd.Series:
    name = config.target
    target = target.dropna()
    if target.empty:
        raise PipelineError(f"{source}: the target column {name!r} is empty")
    if config.task != CLASSIFICATION:
        numbers = pd.to_numeric(target, errors="coerce")
        if numbers.isna().any():
            raise PipelineError(
                f"{source}: the target column {name!r} holds "
                f"{target[numbers.isna()].iloc[0]!r}, which is not a number, "
                "as regression needs"
            )
        return numbers.astype("float64")
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
    if counts.min() < 2:
        raise PipelineError(
            f"{source}: class {counts.idxmin()!r} of the target column {name!r} has one"
            " row; each class needs one to learn from and one to be judged by"
        )
    return target


def _clean_features(features: pd.DataFrame, source: str) -> pd.DataFrame:
    features = features.dropna(axis="columns", how="all")
    if features.columns.empty:
        raise PipelineError(f"{source} has no column to learn from beside the target")
    return features.apply(_clean_feature)


def _clean_feature(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    dates = pd.to_datetime(column, errors="coerce", format="ISO8601", utc=True)
    if dates.notna().sum() == column.notna().sum():
        return (dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    return column.astype(str).where(column.notna())


def _listing(columns: pd.Index) -> str:
    names = [str(column) for column in columns]
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
