"""The model: boosted trees of LightGBM. Any estimator may take its place."""

from __future__ import annotations

from typing import Any

from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.base import BaseEstimator

# n_estimators and learning_rate: more trees with smaller steps are better and slower.
# num_leaves and min_child_samples: how fine a tree may divide the rows. subsample
# (drawn for each subsample_freq-th tree) and colsample_bytree: the share of rows and
# columns that a tree sees. The last four make two trainings alike and silent: sums over
# another number of threads differ in the last digits.
DEFAULTS: dict[str, Any] = {
    "n_estimators": 200,
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_child_samples": 20,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.8,
    "n_jobs": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


def make_estimator(task: str, seed: int, **parameters: Any) -> BaseEstimator:
    """Return the untrained estimator; `parameters` are `model.parameters`.

    It gets numbers, and what comes before it is greenroom-ml's. `task` is
    classification or regression.
    """
    booster = LGBMClassifier if task == "classification" else LGBMRegressor
    return booster(random_state=seed, **{**DEFAULTS, **parameters})
