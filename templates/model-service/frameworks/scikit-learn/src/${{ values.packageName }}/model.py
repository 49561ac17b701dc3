"""The model: a random forest of scikit-learn. Any estimator may take its place."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

# n_estimators: more trees are better and slower. min_samples_leaf: larger leaves make a
# smaller and smoother model. max_samples: how much of the rows each tree sees. n_jobs:
# trees that are grown at once; the result is the same.
DEFAULTS: dict[str, Any] = {
    "n_estimators": 100,
    "max_depth": None,
    "min_samples_leaf": 2,
    "n_jobs": 2,
}


def make_estimator(task: str, seed: int, **parameters: Any) -> BaseEstimator:
    """Return the untrained estimator; `parameters` are `model.parameters`.

    It gets numbers, without gaps: what comes before it is greenroom-ml's. `task` is
    classification or regression.
    """
    is_classifier = task == "classification"
    forest = RandomForestClassifier if is_classifier else RandomForestRegressor
    return forest(random_state=seed, **{**DEFAULTS, **parameters})
