"""The model: boosted trees of XGBoost. Any estimator may take its place."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator
from xgboost import XGBClassifier, XGBRegressor

# n_estimators and learning_rate: more trees with smaller steps are better and slower.
# max_depth and min_child_weight: how fine a tree may divide the rows. subsample and
# colsample_bytree: the share of rows and columns that each tree sees. n_jobs: one
# thread, because sums over more differ in the last digits, and a server has others.
DEFAULTS: dict[str, Any] = {
    "n_estimators": 200,
    "learning_rate": 0.05,
    "max_depth": 4,
    "min_child_weight": 3,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "n_jobs": 1,
}


def make_estimator(task: str, seed: int, **parameters: Any) -> BaseEstimator:
    """Return the untrained estimator; `parameters` are `model.parameters`.

    It gets numbers, and what comes before it is greenroom-ml's. `task` is
    classification or regression.
    """
    booster = XGBClassifier if task == "classification" else XGBRegressor
    return booster(random_state=seed, **{**DEFAULTS, **parameters})
