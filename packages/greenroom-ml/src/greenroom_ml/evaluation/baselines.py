# SPDX-License-Identifier: Apache-2.0
"""What any model has to be held against: the constant answer and a linear model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from greenroom_ml.evaluation.metrics import CLASSIFICATION

MAX_ONE_HOT = 30


def make_constant(task: str, metric: str | None = None) -> Any:
    """Return what answers the same to every row.

    Classification: the most frequent class, with the classes' shares as probabilities.
    Regression: the mean, or of the absolute error, which it makes least, the median.
    """
    if task == CLASSIFICATION:
        return DummyClassifier(strategy="prior")
    return DummyRegressor(strategy="median" if metric == "mae" else "mean")


def make_linear(task: str) -> Pipeline:
    """Return a linear model: logistic regression, or ridge with its penalty chosen.

    It takes any table: numbers are scaled and their gaps are filled with the median,
    texts are one-hot, the rare ones as one; dates are days.
    """
    numbers = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()
    )
    texts = OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        max_categories=MAX_ONE_HOT,
        sparse_output=False,
    )
    columns = ColumnTransformer(
        [
            ("numbers", numbers, make_column_selector(dtype_include="number")),
            ("texts", texts, make_column_selector(dtype_exclude="number")),
        ]
    )
    model = (
        LogisticRegression(max_iter=300)
        if task == CLASSIFICATION
        else RidgeCV(alphas=np.logspace(-2, 4, 7))
    )
    return make_pipeline(FunctionTransformer(plain_columns), columns, model)


def plain_columns(features: pd.DataFrame) -> pd.DataFrame:
    """Return the columns as numbers and texts: dates as days, truths as 1 and 0."""
    plain = {}
    for name in features.columns:
        column = features[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            days = column.astype("int64").astype("float64") / 86_400e9
            plain[name] = days.where(column.notna())
        elif pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(
            column
        ):
            plain[name] = column.astype("float64")
        else:
            texts = column.astype("object")
            plain[name] = texts.where(texts.notna(), "").map(str)
    return pd.DataFrame(plain, index=features.index)
