"""The owner's functions around a prediction, which `hooks` of `config.yaml` names."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import pandas as pd

from greenroom_ml import owner
from greenroom_ml.config import Config
from greenroom_ml.serving import inputs


class Hooks:
    """The owner's functions before and after a prediction, if there are any."""

    def __init__(self, config: Config | None = None) -> None:
        """Find the functions; raise PipelineError if one that is named is missing."""
        self._before: Callable[..., Any] | None = None
        self._after: Callable[..., Any] | None = None
        if config is not None:
            self._before = owner.hook(config, "before_predict")
            self._after = owner.hook(config, "after_predict")

    def before(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows that the model takes in place of those that were sent."""
        if self._before is None:
            return rows
        changed = self._before(rows.copy())
        if not isinstance(changed, pd.DataFrame) or len(changed) != len(rows):
            raise TypeError(
                "hooks.before_predict must return a DataFrame of these rows"
            )
        return changed

    def after(self, rows: pd.DataFrame, predictions: np.ndarray) -> np.ndarray:
        """Return the predictions that are sent in place of the model's."""
        if self._after is None:
            return predictions
        return inputs.one_per_row(self._after(rows, predictions), len(rows))
