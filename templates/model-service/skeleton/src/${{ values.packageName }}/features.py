"""Columns that are computed from columns, alike in training and in serving."""

from __future__ import annotations

import pandas as pd


def add_features(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the columns to learn from.

    It is a step of the model itself, so the server runs it, too. It sees one row or
    many, never the target; a missing value is NaN. For example:

        return frame.assign(ratio=frame["debt"] / frame["income"])

    What is learnt from rows (a mean, a scale) does not belong here, but into a step of
    the estimator in model.py: here it would be learnt from the rows of a request.
    """
    return frame
