"""Builds the whole model: the owner's columns, their preparation, what learns.

All is one pipeline of scikit-learn, so that serving sees what training saw. It takes
rows with names or, in the columns' order, without.
"""

from __future__ import annotations

import inspect
from typing import Any, Callable

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

from greenroom_ml import owner
from greenroom_ml.config import CLASSIFICATION, Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.classes import named
from greenroom_ml.schema import Schema
from greenroom_ml.tables.frames import add_columns, as_frame
from greenroom_ml.tables.table import listing

MISSING = "missing"
# Of a column of text so many values are told apart; the rarest are taken as one.
MAX_CATEGORIES = 100
MAX_ONE_HOT = 30


def fit_model(rows: pd.DataFrame, config: Config, schema: Schema) -> Pipeline:
    """Return the model, trained on rows that hold features and target."""
    features = rows[[column.name for column in schema.features]]
    model = make_model(config, schema, features)
    try:
        model.fit(features, rows[config.target])
    # Libraries raise whatever they like for a wrong parameter or wrong data.
    except Exception as error:
        raise PipelineError(
            f"The model cannot be trained: {error}{owner.where(config, error)}"
        ) from error
    estimator = model.named_steps["estimator"]
    estimator = getattr(estimator, "classifier_", estimator)
    if hasattr(estimator, "n_jobs"):
        # A row is answered sooner by one thread, with the same last digit each time.
        estimator.set_params(n_jobs=1)
    return model


def make_model(config: Config, schema: Schema, rows: pd.DataFrame) -> Pipeline:
    """Return the untrained model for rows like these.

    Steps: `frame` and `features` (the owner's `add_features`), `columns` and `float32`
    (every column as numbers), `estimator` (the owner's `make_estimator`).
    """
    add_features = owner.function(config, "features", "add_features")
    features = [
        ("frame", _step(as_frame, **names_of(schema))),
        ("features", _step(add_columns, function=add_features)),
    ]
    try:
        made = Pipeline(features).fit_transform(rows.head(100))
    # Whatever the owner's function raises.
    except Exception as error:
        raise PipelineError(
            f"features.py: add_features fails on the first rows: "
            f"{type(error).__name__}: {error}{owner.where(config, error)}"
        ) from error
    is_raw = made.equals(as_frame(rows.head(100), **names_of(schema)))
    if has_no_python(config) and not is_raw:
        what = "an ONNX graph" if config.model.format == "onnx" else "KServe's server"
        raise PipelineError(
            f"features.py: add_features changes the columns, and {what} has no Python: "
            "make the columns in data.py, where clients then send them too, or choose "
            "model.format native and serving.kind image"
        )
    estimator = make_estimator(config)
    if config.serving.kind == "storage-uri" and config.serving.runtime != "sklearn":
        return Pipeline([*features, *take_numbers(schema), ("estimator", estimator)])
    numbers = [pd.api.types.is_numeric_dtype(dtype) for dtype in made.dtypes]
    prepare = prepare_for_trees if _is_of_trees(config, estimator) else prepare_one_hot
    steps = [*prepare(numbers), ("estimator", estimator)]
    if config.serving.kind == "storage-uri" and is_raw:
        # KServe's newer servers refuse a pickle that holds functions.
        return Pipeline([step for step in steps if step[0] != "float32"])
    return Pipeline([*features, *steps])


def make_estimator(config: Config) -> Any:
    """Return what `make_estimator` in model.py makes of `model.parameters`.

    Raise PipelineError naming the parameter that it does not take.
    """
    function = owner.function(config, "model", "make_estimator")
    parameters = config.model.parameters
    try:
        default = function(config.task, config.model.seed)
        # Some libraries take any name, and say nothing.
        _check_parameters(parameters, _parameters_of(function, default))
        estimator = function(config.task, config.model.seed, **parameters)
    except (TypeError, ValueError) as error:
        raise PipelineError(f"config.yaml: model.parameters: {error}") from error
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise PipelineError(
            "model.py: make_estimator must return an estimator with fit and predict, "
            f"not {type(estimator).__name__}"
        )
    return named(estimator) if config.task == CLASSIFICATION else estimator


def has_no_python(config: Config) -> bool:
    """Say whether what serves the model runs none of the owner's functions."""
    own_server = config.serving.kind == "storage-uri"
    return config.model.format == "onnx" or (
        own_server and config.serving.runtime != "sklearn"
    )


def _is_of_trees(config: Config, estimator: Any) -> bool:
    if config.model.encoding != "auto":
        return config.model.encoding == "ordinal"
    kind = type(getattr(estimator, "classifier", estimator))
    # Trees say how much they use each feature; linear models and networks do not.
    return hasattr(kind, "feature_importances_") or "GradientBoosting" in kind.__name__


def names_of(schema: Schema) -> dict[str, list[str]]:
    """Return the names of the columns as `frames.as_frame` takes them."""
    return {
        "numbers": [column.name for column in schema.features if column.numeric],
        "texts": [column.name for column in schema.features if not column.numeric],
        "names": [column.name for column in schema.features],
    }


def _step(call: Callable[..., Any], **arguments: Any) -> FunctionTransformer:
    return FunctionTransformer(call, kw_args=arguments)


def prepare_for_trees(numeric: list[bool]) -> list[tuple[str, Any]]:
    """Return the steps before a model of trees: a number for each column.

    `numeric` says of each column whether it is a number.

    Missing numbers become the median. Texts are numbered; missing is a text of its own.
    A text never seen in training counts as one of the rare ones, or as -1.
    """
    numbers = SimpleImputer(strategy="median", keep_empty_features=True)
    texts = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=-1,
        max_categories=MAX_CATEGORIES,
    )
    return _steps(numeric, numbers, texts)


def prepare_one_hot(numeric: list[bool]) -> list[tuple[str, Any]]:
    """Return the steps before other models: numbers of one scale, texts one-hot.

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
    return _steps(numeric, numbers, texts)


def take_numbers(schema: Schema) -> list[tuple[str, Any]]:
    """Return the steps before a model that KServe's own server feeds with numbers.

    Raise PipelineError when a column is no number.
    """
    texts = [column.name for column in schema.features if not column.numeric]
    if texts:
        raise PipelineError(
            "KServe's server for this model takes numbers only, and these columns hold "
            f"texts: {listing(texts)}. Leave them out (data.leave_out), write them as "
            "numbers, or make the repository anew with an image of its own"
        )
    return [("float32", _float32())]


def _float32() -> FunctionTransformer:
    # Every framework computes in float32, ONNX Runtime too: what is compared with the
    # bounds in a tree is then the same everywhere, and takes half the room.
    return FunctionTransformer(np.asarray, kw_args={"dtype": "float32"})


def _steps(numeric: list[bool], numbers: Any, texts: Any) -> list[tuple[str, Any]]:
    # JSON has None for a missing value, pandas NaN; an imputer knows one of them.
    filled = [
        SimpleImputer(missing_values=missing, strategy="constant", fill_value=MISSING)
        for missing in (np.nan, None)
    ]
    columns = ColumnTransformer(
        [
            ("numbers", numbers, [at for at, is_it in enumerate(numeric) if is_it]),
            (
                "texts",
                make_pipeline(*filled, texts),
                [at for at, is_it in enumerate(numeric) if not is_it],
            ),
        ]
    )
    return [("columns", columns), ("float32", _float32())]


def _parameters_of(function: Callable[..., Any], default: Any) -> list[str] | None:
    """Return what `make_estimator` takes: by its own names, or for the estimator.

    None, where it takes any name, and the estimator does not say which it knows.
    """
    given = list(inspect.signature(function).parameters.values())
    names = [each.name for each in given[2:] if each.kind is not each.VAR_KEYWORD]
    if any(each.kind is each.VAR_KEYWORD for each in given):
        if not hasattr(default, "get_params"):
            return None
        names += sorted(default.get_params())
    return names


def _check_parameters(parameters: dict[str, Any], known: list[str] | None) -> None:
    for name in parameters if known is not None else ():
        if name not in known:
            raise PipelineError(
                "config.yaml: model.parameters: make_estimator in model.py has no "
                f"{name!r}; it takes {listing(known)}"
            )
