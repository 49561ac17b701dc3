"""The first step of every pipeline: rows as the owner's features.py takes them.

Pickled by value where the server has no greenroom-ml: it imports nothing of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def as_frame(rows: Any, numbers: list[str], texts: list[str], names: list[str]) -> Any:
    """Return a DataFrame of the columns `names`, of rows with names or in their order.

    Numbers are float64 and texts are objects; what is missing is NaN. So the same rows
    look the same in training (categories), in JSON (None) and in a list of lists.
    """
    if not isinstance(rows, pd.DataFrame):
        rows = pd.DataFrame(np.asarray(rows), columns=names)
    columns = {name: rows[name].astype("float64") for name in numbers}
    for name in texts:
        cells = rows[name].astype(object)
        columns[name] = cells.where(cells.notna(), np.nan)
    return pd.DataFrame({name: columns[name] for name in names}, index=rows.index)


def add_columns(rows: pd.DataFrame, function: Any) -> pd.DataFrame:
    """Return what the owner's `add_features` makes of a copy of the rows.

    As above, columns of it that are no numbers become texts.
    Raise ValueError where it returns other rows, or no DataFrame.
    """
    made = function(rows.copy())
    if not isinstance(made, pd.DataFrame) or len(made) != len(rows):
        raise ValueError(
            "features.py: add_features must return a DataFrame of the same rows"
        )
    columns = {}
    for name in made:
        if made[name].dtype.kind in "biuf":
            columns[name] = made[name].astype("float64")
        else:
            cells = made[name].astype(object)
            texts = cells.where(cells.isna(), cells.astype(str))
            columns[name] = texts.where(cells.notna(), np.nan)
    return pd.DataFrame(columns, index=rows.index)
