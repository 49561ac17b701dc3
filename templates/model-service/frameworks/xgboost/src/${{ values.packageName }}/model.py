"""The model: boosted trees of XGBoost."""

from __future__ import annotations

import logging
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import mlflow
from mlflow.models.model import ModelInfo
from sklearn.pipeline import Pipeline
from xgboost import XGBClassifier, XGBRegressor

from .classes import NamedClassifier
from .config import CLASSIFICATION, Config
from .features import check_parameters, make_model, prepare_for_trees
from .schema import Schema


def _requirement(*names: str) -> str:
    """Pin the first of these packages that is installed."""
    for name in names:
        try:
            return f"{name}=={version(name)}"
        except PackageNotFoundError:
            continue
    raise PackageNotFoundError(names[0])


# What a server needs to load the model, in the versions that made it.
MODEL_REQUIREMENTS = [
    _requirement("xgboost-cpu", "xgboost"),
    *(
        _requirement(name)
        for name in ("joblib", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")
    ),
]

# n_estimators and learning_rate: more trees with smaller steps are better and slower.
# max_depth and min_child_weight: how fine a tree may divide the rows. subsample and
# colsample_bytree: the share of rows and columns that each tree sees. n_jobs is fixed,
# because sums over another number of threads differ in the last digits.
DEFAULT_PARAMETERS: dict[str, Any] = {
    "n_estimators": 200,
    "learning_rate": 0.05,
    "max_depth": 4,
    "min_child_weight": 3,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "n_jobs": 2,
}

# What fitting raises when a parameter or the data is wrong.
FIT_ERRORS = (ValueError, TypeError)


def build_model(config: Config, schema: Schema) -> Pipeline:
    """Return the untrained model; preparing the columns is a part of it."""
    booster = XGBClassifier if config.task == CLASSIFICATION else XGBRegressor
    parameters = {**DEFAULT_PARAMETERS, **config.parameters}
    check_parameters(parameters, booster().get_params(), booster.__name__)
    estimator = booster(**{"random_state": config.seed, **parameters})
    if config.task == CLASSIFICATION:
        estimator = NamedClassifier(estimator)
    return make_model(prepare_for_trees(schema), estimator)


def log_model(model: Pipeline, **kwargs: Any) -> ModelInfo:
    """Log the trained model to the active MLflow run, with the code that it needs."""
    # MLflow warns of pickles from strangers; this one is ours.
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    return mlflow.sklearn.log_model(
        model, serialization_format="pickle", code_paths=[str(Path(__file__).parent)], **kwargs
    )
