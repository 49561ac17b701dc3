"""The model learns, gives the same result every time and takes incomplete rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.pipeline import Pipeline

from greenroom_ml import data
from greenroom_ml.models import prepare
from greenroom_ml.config import CLASSIFICATION, Config, load_config
from greenroom_ml.schema import Schema

# More rows than these make the tests slow and no better.
ROWS = 2000


@pytest.fixture(scope="module")
def config() -> Config:
    """Return the configuration of this repository."""
    return load_config()


@pytest.fixture(scope="module")
def parts(config: Config) -> tuple[pd.DataFrame, pd.DataFrame, Schema]:
    """Return rows to learn from, rows that are held out, and what columns mean."""
    frame = data.load_data(config)
    rows, held_out = data.split_data(frame, config)
    return rows.head(ROWS), held_out.head(ROWS), data.schema_for(frame, config)


@pytest.fixture(scope="module")
def model(config: Config, parts: tuple) -> Pipeline:
    """Return the trained model."""
    rows, _, schema = parts
    return prepare.fit_model(rows, config, schema)


@pytest.fixture
def features(parts: tuple) -> pd.DataFrame:
    """Return the held-out rows as a client sends them."""
    _, held_out, schema = parts
    return held_out[[column.name for column in schema.features]]


def test_the_model_beats_the_constant_answer(
    model: Pipeline, parts: tuple, features: pd.DataFrame, config: Config
) -> None:
    rows, held_out, _ = parts
    truth, predicted = held_out[config.target], model.predict(features)
    if config.task == CLASSIFICATION:
        constant = DummyClassifier().fit(rows, rows[config.target])
        right = np.mean(predicted == truth)
        assert right >= np.mean(constant.predict(held_out) == truth)
    else:
        constant = DummyRegressor().fit(rows, rows[config.target])
        error = np.mean((predicted - truth) ** 2)
        assert error <= np.mean((constant.predict(held_out) - truth) ** 2)


def test_two_trainings_answer_alike(
    model: Pipeline, parts: tuple, features: pd.DataFrame, config: Config
) -> None:
    rows, _, schema = parts
    again = prepare.fit_model(rows, config, schema)
    assert np.array_equal(again.predict(features), model.predict(features))


def test_a_row_is_answered_alike_alone_and_among_others(
    model: Pipeline, features: pd.DataFrame
) -> None:
    few = features.head(20)
    alone = [model.predict(few.iloc[[at]])[0] for at in range(len(few))]
    together = model.predict(few)
    if together.dtype.kind == "f":
        assert np.allclose(alone, together, rtol=1e-4)
    else:
        assert list(together) == alone


def test_rows_with_gaps_and_with_unknown_texts_are_answered(
    model: Pipeline, features: pd.DataFrame, parts: tuple
) -> None:
    _, _, schema = parts
    gaps = features.head(3).copy()
    for column in schema.features:
        gaps[column.name] = np.nan if column.numeric else "never seen before"
    assert len(model.predict(gaps)) == len(gaps)
    nothing = pd.DataFrame(None, range(3), list(features.columns), dtype=object)
    assert len(model.predict(nothing)) == len(nothing)
