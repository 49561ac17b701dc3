"""The model: boosted trees of LightGBM."""

from __future__ import annotations

import logging
from importlib.metadata import version
from typing import Any

import mlflow
from lightgbm import LGBMClassifier, LGBMRegressor
from lightgbm.basic import LightGBMError
from mlflow.models.model import ModelInfo
from sklearn.pipeline import Pipeline

from .config import CLASSIFICATION, Config
from .features import check_parameters, make_model, prepare_for_trees
from .schema import Schema

# What a server needs to load the model, in the versions that made it.
MODEL_REQUIREMENTS = [
    f"{name}=={version(name)}"
    for name in (
        "joblib",
        "lightgbm",
        "mlflow",
        "numpy",
        "pandas",
        "scikit-learn",
        "scipy",
    )
]

# n_estimators and learning_rate: more trees with smaller steps are better and slower.
# num_leaves and min_child_samples: how fine a tree may divide the rows. n_jobs is fixed,
# because sums over another number of threads differ in the last digits.
DEFAULT_PARAMETERS: dict[str, Any] = {
    "n_estimators": 200,
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_child_samples": 10,
    "n_jobs": 2,
}

# What fitting raises when a parameter or the data is wrong.
FIT_ERRORS = (ValueError, TypeError, LightGBMError)


def build_model(config: Config, schema: Schema) -> Pipeline:
    """Return the untrained model; preparing the columns is a part of it."""
    booster = LGBMClassifier if config.task == CLASSIFICATION else LGBMRegressor
    parameters = {**DEFAULT_PARAMETERS, **config.parameters}
    check_parameters(parameters, booster().get_params(), booster.__name__)
    estimator = booster(
        **{"random_state": config.seed, **parameters},
        deterministic=True,
        force_row_wise=True,
        verbosity=-1,
    )
    return make_model(prepare_for_trees(schema), estimator)


def log_model(model: Pipeline, **kwargs: Any) -> ModelInfo:
    """Log the trained model to the active MLflow run."""
    # MLflow warns of pickles from strangers; this one is ours.
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    return mlflow.sklearn.log_model(model, serialization_format="pickle", **kwargs)
