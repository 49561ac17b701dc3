"""Prepares the columns: the first steps of every model's pipeline.

They are steps of scikit-learn alone and take rows with names or, in the columns' order,
without, so that the pipeline can be loaded wherever scikit-learn is.
"""

from __future__ import annotations

from typing import Any, Iterable

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

from .config import PipelineError
from .schema import Schema

MISSING = "missing"
# Of a column of text so many values are told apart; the rarest are taken as one.
MAX_CATEGORIES = 100
MAX_ONE_HOT = 30


def prepare_for_trees(schema: Schema) -> list[tuple[str, Any]]:
    """Return the steps before a model of trees: a number for each column.

    Missing numbers become the median. Texts are numbered; missing is a text of its own.
    A text never seen in training counts as one of the rare ones, or as -1.
    """
    numbers = SimpleImputer(strategy="median", keep_empty_features=True)
    texts = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=-1,
        max_categories=MAX_CATEGORIES,
    )
    return _steps(schema, numbers, texts)


def prepare_for_network(schema: Schema) -> list[tuple[str, Any]]:
    """Return the steps before a neural network: numbers of one scale, texts one-hot.

    Missing numbers become the median. Missing is a text of its own. A text never seen
    in training counts as one of the rare ones, or as none of the known.
    """
    numbers = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()
    )
    texts = OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        max_categories=MAX_ONE_HOT,
        sparse_output=False,
        dtype=np.float32,
    )
    return _steps(schema, numbers, texts)


def take_numbers(schema: Schema) -> list[tuple[str, Any]]:
    """Return the steps before a model that KServe's own server feeds with numbers.

    Raise PipelineError when a column is no number.
    """
    texts = [column.name for column in schema.features if not column.numeric]
    if texts:
        raise PipelineError(
            "KServe's server for this model takes numbers only, and these columns hold "
            f"texts: {', '.join(texts)}. Take them out of data/schema.json, write them "
            "as numbers, or make the repository anew with an image of its own"
        )
    return [("float32", _float32())]


def _float32() -> FunctionTransformer:
    # Every framework computes in float32, ONNX Runtime too: what is compared with the
    # bounds in a tree is then the same everywhere, and takes half the room.
    return FunctionTransformer(np.asarray, kw_args={"dtype": "float32"})


def _steps(schema: Schema, numbers: Any, texts: Any) -> list[tuple[str, Any]]:
    features = list(enumerate(schema.features))
    # JSON has None for a missing value, pandas NaN; an imputer knows one of them.
    filled = [
        SimpleImputer(missing_values=missing, strategy="constant", fill_value=MISSING)
        for missing in (np.nan, None)
    ]
    columns = ColumnTransformer(
        [
            ("numbers", numbers, [at for at, feature in features if feature.numeric]),
            (
                "texts",
                make_pipeline(*filled, texts),
                [at for at, feature in features if not feature.numeric],
            ),
        ]
    )
    return [("columns", columns), ("float32", _float32())]


def check_parameters(
    parameters: dict[str, Any], known: Iterable[str], estimator: str
) -> None:
    """Raise PipelineError naming the first parameter that the estimator has not."""
    known = sorted(known)
    for name in parameters:
        if name not in known:
            raise PipelineError(
                f"config.yaml: model.parameters: {estimator} has no {name!r}; it takes "
                f"{', '.join(known)}"
            )


def make_model(steps: list[tuple[str, Any]], estimator: Any) -> Pipeline:
    """Return the whole model: the columns' preparation and what learns from them."""
    return Pipeline([*steps, ("estimator", estimator)])
