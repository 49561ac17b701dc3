"""The model: a random forest of scikit-learn. Any estimator may take its place."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

# n_estimators: more trees are better and slower. min_samples_leaf and max_leaf_nodes:
# fewer and larger leaves make a smaller and smoother model; a forest without a limit
# grows with its rows, to hundreds of megabytes. n_jobs: threads, which cost more than
# they bring where a server answers a few rows.
DEFAULTS: dict[str, Any] = {
    "n_estimators": 100,
    "min_samples_leaf": 2,
    "max_leaf_nodes": 250,
    "n_jobs": 1,
}


def make_estimator(task: str, seed: int, **parameters: Any) -> BaseEstimator:
    """Return the untrained estimator; `parameters` are `model.parameters`.

    It gets numbers, without gaps: what comes before it is greenroom-ml's. `task` is
    classification or regression.
    """
    is_classifier = task == "classification"
    forest = RandomForestClassifier if is_classifier else RandomForestRegressor
    return forest(random_state=seed, **{**DEFAULTS, **parameters})
