"""Lets classifiers whose classes are 0, 1, 2 … predict classes of any name."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.preprocessing import LabelEncoder

# Libraries whose classifiers take no other classes.
NUMBERED = ("xgboost", "skorch")


class NamedClassifier(ClassifierMixin, BaseEstimator):
    """A classifier that takes and gives the classes by their names."""

    def __init__(self, classifier: Any) -> None:
        """Take the classifier that does the work."""
        self.classifier = classifier

    def fit(self, features: np.ndarray, target: Any) -> NamedClassifier:
        """Learn from rows of numbers and the names of their classes."""
        self.encoder_ = LabelEncoder()
        numbers = self.encoder_.fit_transform(target)
        self.classifier_ = clone(self.classifier).fit(features, numbers)
        return self

    @property
    def classes_(self) -> np.ndarray:
        """The names, in the order of the columns of `predict_proba`."""
        return self.encoder_.classes_

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return the name of the most probable class of each row."""
        numbers = np.asarray(self.classifier_.predict(features), dtype="int64")
        return self.encoder_.inverse_transform(numbers)

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return for each row the probability of each class."""
        return self.classifier_.predict_proba(features)


def library(estimator: Any) -> str:
    """Return the library that an estimator, or the class it derives from, is of."""
    roots = [base.__module__.partition(".")[0] for base in type(estimator).__mro__]
    known = [root for root in roots if root in (*NUMBERED, "lightgbm", "sklearn")]
    return known[0] if known else roots[0]


def named(estimator: Any) -> Any:
    """Return a classifier that takes classes of any name: itself, if it does."""
    return NamedClassifier(estimator) if library(estimator) in NUMBERED else estimator
