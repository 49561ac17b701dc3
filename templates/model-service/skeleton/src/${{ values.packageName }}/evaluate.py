"""Judges a model on rows it has not seen."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import pandas as pd
from sklearn import metrics

from .config import CLASSIFICATION, Config


class Model(Protocol):
    """What predicts: a pipeline of scikit-learn, or an ONNX model."""

    classes_: np.ndarray

    def predict(self, features: pd.DataFrame) -> np.ndarray:
        """Return one prediction for each row."""

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        """Return for each row the probability of each class."""


def evaluate(model: Model, frame: pd.DataFrame, config: Config) -> dict[str, float]:
    """Return the metrics of `model` on `frame`, which holds features and target.

    Classification: accuracy, f1_macro, roc_auc (of several classes: the mean over the
    classes that the rows hold, each against the rest; NaN where they hold one class
    only). Regression: r2, rmse, mae.
    """
    features = frame.drop(columns=config.target)
    truth = frame[config.target].to_numpy()
    predicted = model.predict(features)
    if config.task == CLASSIFICATION:
        return {
            "accuracy": float(metrics.accuracy_score(truth, predicted)),
            "f1_macro": float(metrics.f1_score(truth, predicted, average="macro")),
            "roc_auc": _roc_auc(truth, model.predict_proba(features), model.classes_),
        }
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
