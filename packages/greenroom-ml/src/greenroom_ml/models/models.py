"""Logs a trained model to MLflow in the form that its server loads."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib.metadata import packages_distributions, version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Iterator, Protocol

import cloudpickle
import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.models.model import ModelInfo
from mlflow.types import ColSpec, DataType
from mlflow.types import Schema as Columns

from greenroom_ml import owner
from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation import classes
from greenroom_ml.evaluation.classes import NamedClassifier, library
from greenroom_ml.tables import frames

LOGGER = logging.getLogger(__name__)
# What every model needs to be loaded, beside the estimator's own library.
LIBRARIES = ("joblib", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")


class Model(Protocol):
    """What predicts: a pipeline of scikit-learn, or an ONNX model."""

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Return one prediction for each row."""


def log_model(model: Any, config: Config, **kwargs: Any) -> ModelInfo:
    """Log a trained model to the active MLflow run.

    A pipeline with all of the owner's functions in it; with `model.format` onnx, one
    ONNX graph; with KServe's own server for XGBoost or LightGBM, the booster alone.
    """
    # MLflow warns of pickles from strangers; this one is ours.
    for flavour in ("sklearn", "lightgbm"):
        logging.getLogger(f"mlflow.{flavour}").setLevel(logging.ERROR)
    if config.model.format == "onnx":
        # Only here: a repository without ONNX has not installed it.
        from greenroom_ml.models import onnx_export

        kwargs["pip_requirements"] = onnx_export.model_requirements()
        return onnx_export.log_model(model, **kwargs)
    estimator = model.named_steps["estimator"]
    kwargs["pip_requirements"] = model_requirements(estimator)
    if config.serving.kind == "storage-uri" and config.serving.runtime != "sklearn":
        return _log_booster(estimator, config.serving.runtime, **kwargs)
    if config.serving.kind == "storage-uri" and "features" in model.named_steps:
        LOGGER.warning(
            "The model holds add_features of features.py: KServe's server needs "
            "cloudpickle to load it, and newer ones the variable "
            "KSERVE_ALLOW_UNSAFE_DESERIALIZATION=true"
        )
    with _owner_by_value(config):
        return mlflow.sklearn.log_model(
            model, serialization_format="cloudpickle", **kwargs
        )


def model_requirements(estimator: Any) -> list[str]:
    """Return what a server needs to load the model, in the versions that made it."""
    names = set(LIBRARIES)
    distributions = packages_distributions()
    for part in (estimator, *vars(estimator).values()):
        for base in type(part).__mro__:
            root = base.__module__.partition(".")[0]
            names.update(distributions.get(root, [])[:1])
    # The server's environment has it as a wheel, and the lock file its digest.
    names.discard("greenroom-ml")
    return [f"{name}=={version(name).partition('+')[0]}" for name in sorted(names)]


@contextmanager
def _owner_by_value(config: Config) -> Iterator[None]:
    """Let the pickle hold the owner's functions themselves, not their names.

    A version then answers as it did, whatever becomes of features.py, and KServe's own
    server, which has no code of ours, loads it too if it has cloudpickle.
    """
    modules: list[ModuleType] = [owner.package(config)]
    if config.serving.kind == "storage-uri":
        modules += [frames, classes]
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)


def _log_booster(
    estimator: Any, runtime: str, signature: ModelSignature, **kwargs: Any
) -> ModelInfo:
    """Log a booster with the file that KServe's server for it reads.

    XGBoost predicts the number of a class, LightGBM the probability of each; the
    classes' names are in the model's metadata.
    """
    is_named = isinstance(estimator, NamedClassifier)
    booster = estimator.classifier_ if is_named else estimator
    if library(booster) != runtime:
        raise PipelineError(
            f"KServe's server for {runtime} cannot load {type(booster).__name__}, that "
            "model.py returns: return one of that library, or choose another runtime"
        )
    if runtime == "xgboost":
        if is_named:
            number = Columns([ColSpec(DataType.long)])
            signature = ModelSignature(signature.inputs, number)
        # KServe's server would take the example, a JSON file, for a second model.
        kwargs.pop("input_example", None)
        return mlflow.xgboost.log_model(
            booster, model_format="ubj", signature=signature, **kwargs
        )
    logged = mlflow.lightgbm.log_model(booster, signature=signature, **kwargs)
    with TemporaryDirectory() as folder:
        file = Path(folder, "model.bst")
        booster.booster_.save_model(file)
        mlflow.MlflowClient().log_model_artifact(logged.model_id, str(file))
    return logged


def load_model(uri: str) -> Any:
    """Return a logged model with `predict` and, for classes, `predict_proba`.

    It takes rows as `log_model` was shown them, whatever flavour it is of.
    """
    about = mlflow.models.get_model_info(uri)
    classes_ = (about.metadata or {}).get("classes") or None
    if "sklearn" in about.flavors:
        return mlflow.sklearn.load_model(uri)
    if "onnx" in about.flavors:
        from greenroom_ml.models.onnx_export import OnnxModel

        names = None if classes_ is None else np.asarray(classes_)
        return OnnxModel(mlflow.onnx.load_model(uri), names)
    flavour = mlflow.xgboost if "xgboost" in about.flavors else mlflow.lightgbm
    return LoadedBooster(flavour.load_model(uri), classes_)


class LoadedBooster:
    """A booster without the steps before it, which takes rows as its pipeline did."""

    def __init__(self, booster: Any, names: list[Any] | None) -> None:
        """Take the booster and, unless it predicts numbers, the classes' names."""
        self.booster = booster
        if names is not None:
            self.classes_ = np.asarray(names)

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Return one prediction for each row."""
        if hasattr(self, "classes_"):
            return self.classes_[self.predict_proba(features).argmax(axis=1)]
        return self.booster.predict(features.to_numpy("float32"))

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """Return for each row the probability of each class."""
        return self.booster.predict_proba(features.to_numpy("float32"))
