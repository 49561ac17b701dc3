"""Lets XGBoost, whose classes are 0, 1, 2 …, predict classes of any name."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import LabelEncoder
from xgboost import XGBClassifier


class NamedClassifier(ClassifierMixin, BaseEstimator):
    """An XGBClassifier that takes and gives the classes by their names."""

    def __init__(self, classifier: XGBClassifier) -> None:
        """Take the classifier that does the work."""
        self.classifier = classifier

    def fit(self, features: np.ndarray, target: Any) -> NamedClassifier:
        """Learn from rows of numbers and the names of their classes."""
        self.encoder_ = LabelEncoder()
        self.classifier.fit(features, self.encoder_.fit_transform(target))
        return self

    @property
    def classes_(self) -> np.ndarray:
        """The names, in the order of the columns of `predict_proba`."""
        return self.encoder_.classes_

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return the name of the most probable class of each row."""
        return self.encoder_.inverse_transform(self.classifier.predict(features))

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return for each row the probability of each class."""
        return self.classifier.predict_proba(features)
