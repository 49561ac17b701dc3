"""How sure the model is, counted beside its answers and after them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
from kserve.logging import logger

from greenroom_ml.monitoring.monitoring import Monitor
from greenroom_ml.serving.probabilities import Probabilities

# Of a large request, and of how many requests at a time.
MAX_ROWS = 1000
MAX_WAITING = 8


class ConfidenceObserver:
    """Counts the probability of the class that was answered.

    Most estimators have to be asked a second time for it. That is done when the answer
    has gone out, by one thread, and left out while others wait: under load, some of the
    answers are counted and not all.
    """

    def __init__(self, monitor: Monitor) -> None:
        """Begin with nothing to ask; `probabilities` is set when a model is loaded."""
        self.monitor = monitor
        self.probabilities: Probabilities | None = None
        self._waiting = threading.BoundedSemaphore(MAX_WAITING)
        self._worker = ThreadPoolExecutor(max_workers=1)

    def observe(
        self, rows: pd.DataFrame, answer: Any, shares: np.ndarray | None
    ) -> None:
        """Count the answer to these rows; `shares` if they are known already."""
        probabilities = self.probabilities
        if probabilities is None or not self.monitor.wants_confidence:
            return
        if shares is not None:
            self.monitor.sure(shares)
        elif probabilities.predict_proba is None:
            # They are in the answer.
            self.monitor.sure(probabilities.for_rows(rows, answer))
        elif self._waiting.acquire(blocking=False):
            try:
                self._worker.submit(self._ask, probabilities, rows.head(MAX_ROWS))
            except RuntimeError:
                # The server ends.
                self._waiting.release()

    def _ask(self, probabilities: Probabilities, rows: pd.DataFrame) -> None:
        try:
            self.monitor.sure(probabilities.for_rows(rows, None))
        # The answer has gone out: what fails here is no matter of the request's.
        except Exception as error:
            logger.error("The confidence cannot be counted", exc_info=error)
        finally:
            self._waiting.release()
