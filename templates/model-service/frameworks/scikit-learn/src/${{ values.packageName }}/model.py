"""The model: a random forest of scikit-learn."""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

import mlflow
from mlflow.models.model import ModelInfo
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.pipeline import Pipeline

from .config import CLASSIFICATION, Config
from .features import check_parameters, make_model, prepare_for_trees
from .schema import Schema

LOGGER = logging.getLogger(__name__)

# What a server needs to load the model, in the versions that made it.
MODEL_REQUIREMENTS = [
    f"{name}=={version(name)}"
    for name in ("joblib", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")
]

# n_estimators: more trees are better and slower. min_samples_leaf: larger leaves make a
# smaller and smoother model. n_jobs: trees that are grown at once; the result is the
# same.
DEFAULT_PARAMETERS: dict[str, Any] = {
    "n_estimators": 100,
    "max_depth": None,
    "min_samples_leaf": 1,
    "n_jobs": 2,
}

# On more rows than this each tree learns from a sample of so many, and its leaves hold
# a few rows each: a forest grown to the end on millions of rows takes gigabytes.
LARGE = 100_000
LARGE_PARAMETERS = {"max_samples": LARGE, "min_samples_leaf": 10}

# What fitting raises when a parameter or the data is wrong.
FIT_ERRORS = (ValueError, TypeError)


def build_model(config: Config, schema: Schema) -> Pipeline:
    """Return the untrained model; preparing the columns is a part of it."""
    forest = (
        RandomForestClassifier
        if config.task == CLASSIFICATION
        else RandomForestRegressor
    )
    parameters = {**DEFAULT_PARAMETERS, **config.parameters}
    check_parameters(parameters, forest().get_params(), forest.__name__)
    if schema.rows * (1 - config.test_size) > LARGE and "max_samples" not in parameters:
        parameters.update(LARGE_PARAMETERS)
        LOGGER.warning(
            "There are more than %s rows: each tree learns from a random sample of so "
            "many, with at least %s rows in a leaf. Set max_samples to change it.",
            *(LARGE, LARGE_PARAMETERS["min_samples_leaf"]),
        )
    estimator = forest(**{"random_state": config.seed, **parameters})
    return make_model(prepare_for_trees(schema), estimator)


def log_model(model: Pipeline, **kwargs: Any) -> ModelInfo:
    """Log the trained model to the active MLflow run.

    As a pickle: KServe's scikit-learn server does not read MLflow's newer format.
    """
    # MLflow warns of pickles from strangers; this one is ours.
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    return mlflow.sklearn.log_model(model, serialization_format="pickle", **kwargs)
