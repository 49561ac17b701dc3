"""Judges a model on rows it has not seen."""

from __future__ import annotations

import math
from typing import Any, Callable, Mapping, Protocol

import numpy as np
import pandas as pd
from sklearn import metrics

from . import owner
from .config import CLASSIFICATION, Config
from .errors import PipelineError


class Model(Protocol):
    """What predicts: a pipeline of scikit-learn, or an ONNX model."""

    classes_: np.ndarray

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Return one prediction for each row."""

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """Return for each row the probability of each class."""


def evaluate(
    model: Model, frame: pd.DataFrame, config: Config, features: list[str]
) -> dict[str, float]:
    """Return the metrics of `model` on `frame`, which holds `features` and target.

    The owner's own, of `metrics` in evaluate.py, are among them. Classification:
    accuracy, balanced_accuracy, f1_macro, roc_auc (of several classes: the mean over
    the classes that the rows hold, each against the rest; NaN where they hold one class
    only). Regression: r2, rmse, mae.
    """
    truth = frame[config.target].to_numpy()
    predicted = np.asarray(model.predict(frame[features]))
    chances = None
    if config.task == CLASSIFICATION and hasattr(model, "predict_proba"):
        chances = np.asarray(model.predict_proba(frame[features]))
    figures = score(config.task, truth, predicted, chances, model)
    own = owner.optional(config, "evaluate", "metrics")
    return {**figures, **(_own(own, truth, predicted, chances, figures) if own else {})}


def score(
    task: str,
    truth: np.ndarray,
    predicted: np.ndarray,
    chances: np.ndarray | None,
    model: Any,
) -> dict[str, float]:
    """Return the metrics of the package; a model without probabilities has no roc_auc.

    `truth` and `predicted` have one value for each row, `chances` one for each row and
    class in the order of `model.classes_`.
    """
    if task == CLASSIFICATION:
        figures = {
            "accuracy": float(metrics.accuracy_score(truth, predicted)),
            "f1_macro": float(metrics.f1_score(truth, predicted, average="macro")),
            "balanced_accuracy": _balanced_accuracy(truth, predicted),
        }
        if chances is not None:
            figures["roc_auc"] = _roc_auc(truth, chances, model.classes_)
        return figures
    return {
        "r2": float(metrics.r2_score(truth, predicted)),
        "rmse": float(metrics.root_mean_squared_error(truth, predicted)),
        "mae": float(metrics.mean_absolute_error(truth, predicted)),
    }


def _roc_auc(truth: np.ndarray, scores: np.ndarray, classes: np.ndarray) -> float:
    held = [at for at, name in enumerate(classes) if 0 < np.sum(truth == name)]
    if len(held) < 2:
        return math.nan
    if len(classes) == 2:
        held = [1]
    return float(
        np.mean(
            [metrics.roc_auc_score(truth == classes[at], scores[:, at]) for at in held]
        )
    )


def _balanced_accuracy(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the mean, over the classes of the rows, of the share that is found."""
    return float(np.mean([np.mean(predicted[truth == x] == x) for x in set(truth)]))


def _own(
    function: Callable[..., Any],
    truth: np.ndarray,
    predicted: np.ndarray,
    chances: np.ndarray | None,
    known: Mapping[str, float],
) -> dict[str, float]:
    """Return the owner's metrics; raise PipelineError where they are none."""
    try:
        found = dict(function(truth, predicted, chances))
    # Whatever the owner's function raises.
    except Exception as error:
        raise PipelineError(
            f"evaluate.py: metrics fails: {type(error).__name__}: {error}"
        ) from error
    for name, value in found.items():
        if not isinstance(name, str) or name in known:
            raise PipelineError(
                f"evaluate.py: metrics must not return {name!r}, which greenroom-ml "
                "computes: give it another name"
            )
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            raise PipelineError(
                f"evaluate.py: metrics must return a number for {name!r}, not {value!r}"
            )
    return {name: float(value) for name, value in found.items()}
