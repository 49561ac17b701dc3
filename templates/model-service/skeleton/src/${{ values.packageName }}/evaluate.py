"""Judges a model on rows it has not seen."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.pipeline import Pipeline

from .config import CLASSIFICATION, Config


def evaluate(model: Pipeline, frame: pd.DataFrame, config: Config) -> dict[str, float]:
    """Return the metrics of `model` on `frame`, which holds features and target.

    Classification: accuracy, f1_macro, roc_auc (of several classes: macro average of
    one against the rest; NaN where the rows lack a class). Regression: r2, rmse, mae.
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
    if set(truth) != set(classes):
        return math.nan
    if len(classes) == 2:
        return float(metrics.roc_auc_score(truth == classes[1], scores[:, 1]))
    return float(
        metrics.roc_auc_score(
            truth, scores, multi_class="ovr", average="macro", labels=classes
        )
    )
