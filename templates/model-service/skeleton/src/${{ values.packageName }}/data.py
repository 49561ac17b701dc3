"""Where the rows come from. Edit `load` to read them from somewhere else."""

from __future__ import annotations

import pandas as pd

from greenroom_ml.config import Config
from greenroom_ml.data import read_data


def load(config: Config) -> pd.DataFrame:
    """Return the rows, each with its target in the column `config.target`.

    `read_data` reads the table that `config.yaml` names. What is made here is what
    clients send later: columns that are computed from others belong into features.py.
    """
    return read_data(config)
