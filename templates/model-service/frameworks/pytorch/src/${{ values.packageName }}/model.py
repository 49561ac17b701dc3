"""The model: a small neural network of PyTorch."""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow
from mlflow.models.model import ModelInfo
from sklearn.pipeline import Pipeline

from .config import CLASSIFICATION, Config
from .features import check_parameters, make_model, prepare_for_network
from .network import NetworkClassifier, NetworkRegressor
from .schema import Schema

# What a server needs to load the model, in the versions that made it.
MODEL_REQUIREMENTS = [
    f"{name}=={version(name).partition('+')[0]}"
    for name in (
        "joblib",
        "mlflow",
        "numpy",
        "pandas",
        "scikit-learn",
        "scipy",
        "torch",
    )
]

# hidden_units: the width of each hidden layer. patience: epochs without progress until
# training ends. threads: more than one pays on hundreds of thousands of rows; their
# number is fixed, because sums over another number differ in the last digits.
DEFAULT_PARAMETERS: dict[str, Any] = {
    "hidden_units": [64, 32],
    "dropout": 0.1,
    "learning_rate": 0.003,
    "max_epochs": 200,
    "patience": 15,
    "threads": 1,
}

# What fitting raises when a parameter or the data is wrong.
FIT_ERRORS = (ValueError, TypeError, RuntimeError)


def build_model(config: Config, schema: Schema) -> Pipeline:
    """Return the untrained model; preparing the columns is a part of it."""
    network = NetworkClassifier if config.task == CLASSIFICATION else NetworkRegressor
    parameters = {**DEFAULT_PARAMETERS, **config.parameters}
    check_parameters(parameters, network().get_params(), network.__name__)
    estimator = network(**{"random_state": config.seed, **parameters})
    return make_model(prepare_for_network(schema), estimator)


def log_model(model: Pipeline, **kwargs: Any) -> ModelInfo:
    """Log the trained model to the active MLflow run, with the code that it needs."""
    # MLflow warns of pickles from strangers; this one is ours.
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    return mlflow.sklearn.log_model(
        model,
        serialization_format="pickle",
        code_paths=[str(Path(__file__).parent)],
        **kwargs,
    )
