# SPDX-License-Identifier: Apache-2.0
"""The figures that judge a model, under scikit-learn's names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence

import numpy as np
from scipy import stats
from sklearn import metrics

from greenroom_ml.config import CLASSIFICATION, LESS_IS_BETTER, METRICS, REGRESSION

__all__ = ["CLASSIFICATION", "METRICS", "REGRESSION", "Answers", "OwnMetrics"]
# An owner's own: of truth, predictions and, of classes, probabilities.
OwnMetrics = Callable[[np.ndarray, np.ndarray, np.ndarray | None], Mapping[str, float]]


def bounds(metric: str) -> tuple[float, float]:
    """Return the least and the most that a metric can be."""
    if metric in _FIGURES and metric != "r2" and metric not in LESS_IS_BETTER:
        return 0.0, 1.0
    return (
        0.0 if metric in LESS_IS_BETTER else -math.inf,
        1.0 if metric == "r2" else math.inf,
    )


def greater_is_better(metric: str) -> bool:
    """Whether more of the metric is better; of a metric unknown here it is."""
    return metric not in LESS_IS_BETTER


@dataclass(frozen=True)
class Answers:
    """What one model answered to rows, and what was true of them.

    `probabilities` has a column for each of `classes`, in their order. `own`: the
    owner's metrics, beside those of the task.
    """

    truth: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray | None = None
    classes: np.ndarray | None = None
    own: OwnMetrics | None = None

    @classmethod
    def of(
        cls, model: Any, features: Any, target: Any, own: OwnMetrics | None = None
    ) -> Answers:
        """Ask a fitted model."""
        classes = getattr(model, "classes_", None)
        ask = classes is not None and hasattr(model, "predict_proba")
        return cls(
            np.asarray(target),
            np.asarray(model.predict(features)),
            np.asarray(model.predict_proba(features)) if ask else None,
            np.asarray(classes) if ask else None,
            own,
        )

    def coded(self) -> Answers:
        """Return the answers with numbers for the classes' names, which are faster."""
        if self.truth.dtype.kind in "biuf" or self.own is not None:
            return self
        parts = [np.asarray(self.truth, str), np.asarray(self.predicted, str)]
        if self.classes is not None:
            parts.append(np.asarray(self.classes, str))
        codes = np.unique(np.concatenate(parts), return_inverse=True)[1]
        truth, predicted, *rest = np.split(codes, np.cumsum([len(self.truth)] * 2))
        classes = rest[0] if self.classes is not None else None
        return Answers(truth, predicted, self.probabilities, classes)

    def take(self, rows: np.ndarray) -> Answers:
        """Return the answers to these rows, in this order."""
        probabilities = self.probabilities
        return Answers(
            self.truth[rows],
            self.predicted[rows],
            None if probabilities is None else probabilities[rows],
            self.classes,
            self.own,
        )

    @classmethod
    def joined(cls, parts: Sequence[Answers]) -> Answers:
        """Return the answers of several models to different rows, one after the other.

        What a model gives no probability, as it has not seen the class, has none.
        """
        found = [part.classes for part in parts if part.classes is not None]
        classes = np.unique(np.concatenate(found)) if len(found) == len(parts) else None
        probabilities = []
        for part in parts:
            known = part.classes
            if not (classes is None or known is None or part.probabilities is None):
                wide = np.zeros((len(part.truth), len(classes)))
                wide[:, np.searchsorted(classes, known)] = part.probabilities
                probabilities.append(wide)
        return cls(
            np.concatenate([part.truth for part in parts]),
            np.concatenate([part.predicted for part in parts]),
            np.concatenate(probabilities) if probabilities else None,
            classes if probabilities else None,
            parts[0].own,
        )

    def metric(self, name: str) -> float:
        """Return one metric; NaN where the rows hold too little or none is so called.

        roc_auc and average_precision of two classes are those of the second class, as
        everywhere in scikit-learn; of several classes they are the mean over the
        classes that these rows hold, each against the rest.
        """
        if name in _FIGURES:
            return _FIGURES[name](self)
        if self.own is None:
            return math.nan
        return float(
            self.own(self.truth, self.predicted, self.probabilities).get(name, math.nan)
        )

    def metrics(self, task: str) -> dict[str, float]:
        """Return every metric of the task that these answers have, and the owner's."""
        names = [
            name
            for name in METRICS[task]
            if self.probabilities is not None
            or name not in ("roc_auc", "average_precision")
        ]
        figures = {name: self.metric(name) for name in names}
        if self.own is not None:
            own = self.own(self.truth, self.predicted, self.probabilities)
            figures.update({name: float(value) for name, value in own.items()})
        return figures


# Both as scikit-learn's, which takes a hundred times as long: a bootstrap asks a
# thousand times.
def _recall(answers: Answers) -> float:
    right, true, _ = _counts(answers)
    # Of the classes that these rows hold; scikit-learn warns of any other.
    return float(np.mean(right[true > 0] / true[true > 0]))


def _f1(answers: Answers) -> float:
    right, true, said = _counts(answers)
    return float(np.mean(2 * right / (true + said)))


def _counts(answers: Answers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each class how often it was rightly said, true, and said."""
    both = np.concatenate([answers.truth, answers.predicted])
    names, codes = np.unique(both, return_inverse=True)
    true, said = np.split(codes, 2)
    right = true[true == said]
    return (
        np.bincount(right, minlength=len(names)),
        np.bincount(true, minlength=len(names)),
        np.bincount(said, minlength=len(names)),
    )


def _mean_over_classes(score: Callable[..., float]) -> Callable[[Answers], float]:
    def figure(answers: Answers) -> float:
        if answers.probabilities is None or answers.classes is None:
            return math.nan
        classes = list(enumerate(answers.classes))
        of = [
            (answers.truth == name, answers.probabilities[:, at])
            for at, name in (classes[1:] if len(classes) == 2 else classes)
        ]
        held = [score(*pair) for pair in of if 0 < pair[0].sum() < len(pair[0])]
        return float(np.mean(held)) if held else math.nan

    return figure


def _area(truth: np.ndarray, scores: np.ndarray) -> float:
    # The Mann-Whitney form of roc_auc_score, which takes ten times as long: a bootstrap
    # asks a thousand times.
    held = int(truth.sum())
    ranks = stats.rankdata(scores)[truth].sum()
    return float((ranks - held * (held + 1) / 2) / (held * (len(truth) - held)))


def _r2(answers: Answers) -> float:
    if len(answers.truth) < 2:
        return math.nan
    return float(metrics.r2_score(answers.truth, answers.predicted))


_FIGURES: dict[str, Callable[[Answers], float]] = {
    "accuracy": lambda answers: float(np.mean(answers.predicted == answers.truth)),
    "balanced_accuracy": _recall,
    "f1_macro": _f1,
    "roc_auc": _mean_over_classes(_area),
    "average_precision": _mean_over_classes(metrics.average_precision_score),
    "r2": _r2,
    "rmse": lambda answers: float(
        np.sqrt(np.mean((answers.predicted - answers.truth) ** 2))
    ),
    "mae": lambda answers: float(np.mean(np.abs(answers.predicted - answers.truth))),
}
