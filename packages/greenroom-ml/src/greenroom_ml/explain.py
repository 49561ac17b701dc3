# SPDX-License-Identifier: Apache-2.0
"""Shows what a model does on held-out rows: figures, and the numbers behind them."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from sklearn import config_context
from sklearn.calibration import CalibrationDisplay, calibration_curve
from sklearn.inspection import permutation_importance
from sklearn.metrics import (
    ConfusionMatrixDisplay,
    PredictionErrorDisplay,
    brier_score_loss,
    confusion_matrix,
)

from greenroom_ml.evaluation.metrics import CLASSIFICATION, Answers, greater_is_better

# More classes than this are no picture; the rarest are shown as one.
MAX_CLASSES = 15
MAX_CURVES = 4
# Fewer rows a bin are noise.
ROWS_A_BIN = 20
MAX_BINS = 10
IMPORTANCE_ROWS = 2_000
REPEATS = 5
# How many predictions of all rows the importances may take.
MAX_PREDICTIONS = 600
SHOWN = 20
OTHERS = "(others)"


@dataclass
class Explanation:
    """Figures of matplotlib by file name, numbers as JSON takes them, and the rows.

    A figure that the rows are too few for is missing, and `notes` says why.
    """

    rows: int
    figures: dict[str, Figure] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def explain(
    model: Any,
    features: pd.DataFrame,
    target: pd.Series,
    task: str,
    metric: str,
    seed: int = 42,
) -> Explanation:
    """Explain a fitted model on rows that it has not learnt from.

    Classification: `confusion_matrix` and, with probabilities, `calibration`.
    Regression: `residuals`. Both: `permutation_importance` of each feature: by how much
    `metric` gets worse when its cells are shuffled.
    """
    answers = Answers.of(model, features, target)
    explanation = Explanation(len(target), numbers={"rows": len(target)})
    if task == CLASSIFICATION:
        _confusion(explanation, answers)
        _calibration(explanation, answers)
    else:
        _residuals(explanation, answers)
    _importance(explanation, model, features, target, metric, seed)
    return explanation


def _axes(explanation: Explanation, name: str, title: str, height: float = 5) -> Any:
    figure = Figure(figsize=(6.4, height), layout="constrained")
    explanation.figures[f"{name}.png"] = figure
    axes = figure.subplots()
    axes.set_title(f"{title}\n{explanation.rows:,} held-out rows", fontsize="medium")
    return axes


def _confusion(explanation: Explanation, answers: Answers) -> None:
    truth, predicted = answers.truth.astype(str), answers.predicted.astype(str)
    counts = pd.Series(truth).value_counts()
    names = sorted({*truth, *predicted})
    if len(names) > MAX_CLASSES:
        common = set(counts.index[: MAX_CLASSES - 1])
        truth = np.where(np.isin(truth, list(common)), truth, OTHERS)
        predicted = np.where(np.isin(predicted, list(common)), predicted, OTHERS)
        names = [*sorted(common), OTHERS]
    matrix = confusion_matrix(truth, predicted, labels=names)
    axes = _axes(
        explanation, "confusion_matrix", "What is true, and what was said", 5.6
    )
    ConfusionMatrixDisplay(matrix, display_labels=names).plot(
        ax=axes, colorbar=False, cmap="Blues", xticks_rotation=45, values_format="d"
    )
    explanation.numbers["confusion_matrix"] = {
        "classes": names,
        "rows_true_columns_predicted": matrix.tolist(),
    }


def _calibration(explanation: Explanation, answers: Answers) -> None:
    if answers.probabilities is None or answers.classes is None:
        explanation.notes.append("No calibration: the model gives no probabilities")
        return
    bins = min(MAX_BINS, explanation.rows // ROWS_A_BIN)
    if bins < 2:
        explanation.notes.append(
            f"No calibration: {explanation.rows} rows are too few for two bins of "
            f"{ROWS_A_BIN}"
        )
        return
    classes = list(answers.classes)
    order = [1] if len(classes) == 2 else _most_frequent(answers, MAX_CURVES)
    curves = {}
    axes = _axes(explanation, "calibration", "Said probability, and how often it came")
    for at in order:
        of_class = answers.truth == classes[at]
        probability = np.clip(answers.probabilities[:, at], 0, 1)
        if not 0 < of_class.sum() < len(of_class):
            continue
        true, said = calibration_curve(
            of_class, probability, n_bins=bins, strategy="quantile"
        )
        name = str(classes[at])
        CalibrationDisplay(true, said, probability, estimator_name=name).plot(ax=axes)
        curves[name] = {
            "said": said.tolist(),
            "came": true.tolist(),
            "brier_score": float(brier_score_loss(of_class, probability)),
        }
    explanation.numbers["calibration"] = {"bins": bins, "classes": curves}


def _most_frequent(answers: Answers, most: int) -> list[int]:
    classes = [] if answers.classes is None else list(answers.classes)
    count = [int((answers.truth == name).sum()) for name in classes]
    return sorted(range(len(count)), key=lambda at: -count[at])[:most]


def _residuals(explanation: Explanation, answers: Answers) -> None:
    truth = answers.truth.astype("float64")
    predicted = answers.predicted.astype("float64")
    residuals = truth - predicted
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    figure.suptitle(
        f"Prediction and residual, {explanation.rows:,} held-out rows",
        fontsize="medium",
    )
    explanation.figures["residuals.png"] = figure
    for axes, kind in zip(
        figure.subplots(1, 2), ("actual_vs_predicted", "residual_vs_predicted")
    ):
        PredictionErrorDisplay.from_predictions(
            truth, predicted, kind=kind, ax=axes, subsample=1_000, random_state=0
        )
    quantiles = (0.05, 0.25, 0.5, 0.75, 0.95)
    explanation.numbers["residuals"] = {
        "mean": float(residuals.mean()),
        "standard_deviation": float(residuals.std()),
        "quantiles": {
            f"{each:g}": float(np.quantile(residuals, each)) for each in quantiles
        },
    }


def _importance(
    explanation: Explanation,
    model: Any,
    features: pd.DataFrame,
    target: pd.Series,
    metric: str,
    seed: int,
) -> None:
    repeats = max(1, min(REPEATS, MAX_PREDICTIONS // max(1, features.shape[1])))
    sign = 1 if greater_is_better(metric) else -1

    def score(fitted: Any, rows: pd.DataFrame, truth: pd.Series) -> float:
        value = sign * Answers.of(fitted, rows, truth).metric(metric)
        return 0.0 if math.isnan(value) else value

    rows = min(IMPORTANCE_ROWS, len(features))
    chosen = np.random.default_rng(seed).permutation(len(features))[:rows]
    # An ONNX model has no `fit`, and none is called.
    unchecked = config_context(skip_parameter_validation=True)
    with warnings.catch_warnings(), unchecked:
        warnings.simplefilter("ignore")
        found = permutation_importance(
            model,
            features.iloc[chosen],
            target.iloc[chosen],
            scoring=score,
            n_repeats=repeats,
            random_state=seed,
        )
    order = np.argsort(-found.importances_mean)
    explanation.numbers["permutation_importance"] = {
        "metric": metric,
        "rows": rows,
        "repeats": repeats,
        "features": [
            {
                "name": str(features.columns[at]),
                "mean": float(found.importances_mean[at]),
                "standard_deviation": float(found.importances_std[at]),
            }
            for at in order
        ],
    }
    shown = order[:SHOWN][::-1]
    axes = _axes(
        explanation,
        "permutation_importance",
        f"How much {metric} gets worse without the feature",
        1.6 + 0.28 * len(shown),
    )
    axes.barh(
        [str(features.columns[at]) for at in shown],
        found.importances_mean[shown],
        xerr=found.importances_std[shown],
    )
