"""The owner's metrics, of evaluate.py, held against what they have to be."""

from __future__ import annotations

import numpy as np

from greenroom_ml import owner
from greenroom_ml.config import METRICS, Config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.metrics import OwnMetrics


def own_metrics(config: Config) -> OwnMetrics | None:
    """Return `metrics` of evaluate.py, which raises PipelineError for what is none."""
    function = owner.optional(config, "evaluate", "metrics")
    if function is None:
        return None
    known = METRICS[config.task]

    def checked(
        truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray | None
    ) -> dict[str, float]:
        try:
            found = dict(function(truth, predicted, probabilities))
        # Whatever the owner's function raises.
        except Exception as error:
            raise PipelineError(
                f"evaluate.py: metrics fails: {type(error).__name__}: {error}"
                f"{owner.where(config, error)}"
            ) from error
        for name, value in found.items():
            if not isinstance(name, str) or name in known:
                raise PipelineError(
                    f"evaluate.py: metrics must not return {name!r}, which is "
                    "computed already: give it another name"
                )
            if isinstance(value, bool) or not isinstance(
                value, (int, float, np.number)
            ):
                raise PipelineError(
                    f"evaluate.py: metrics must return a number for {name!r}, not "
                    f"{value!r}"
                )
        return {name: float(value) for name, value in found.items()}

    return checked
