"""What the server counts for Prometheus, beside the latency that KServe's SDK measures.

The bins of features and predictions are those of the training data (reference.py), so
the number of series is known in advance, whatever is asked.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from prometheus_client import (
    Counter,
    Gauge,
    Histogram,
    Summary,
    disable_created_metrics,
)

from greenroom_ml.monitoring import reference

# When a series began is of no use here, and twice as many series are.
disable_created_metrics()

REQUESTS = Counter("ml_requests", "Predictions asked for", ["model_name", "protocol"])
ERRORS = Counter(
    "ml_request_errors",
    "Predictions asked for and not given: invalid_input, internal or not_ready",
    ["model_name", "reason"],
)
FEATURES = Counter(
    "ml_feature_values", "Values seen, by bin", ["model_name", "feature", "bin"]
)
FEATURE_RATIOS = Gauge(
    "ml_feature_reference_ratio",
    "Share of the training rows in the bin",
    ["model_name", "feature", "bin"],
)
PREDICTIONS = Counter(
    "ml_prediction_values", "Predictions given, by bin", ["model_name", "bin"]
)
PREDICTION_RATIOS = Gauge(
    "ml_prediction_reference_ratio",
    "Share of the predictions in the bin when the model was made",
    ["model_name", "bin"],
)
CONFIDENCE = Histogram(
    "ml_prediction_confidence",
    "Probability of the class that was answered; of a part of the answers under load",
    ["model_name"],
    buckets=reference.CONFIDENCE_EDGES,
)
FEEDBACK = Counter(
    "ml_feedback", "Outcomes told, by what the answer was", ["model_name", "outcome"]
)
FEEDBACK_ERROR = Summary(
    "ml_feedback_absolute_error",
    "Distance of the outcomes told from the numbers answered",
    ["model_name"],
)
INFO = Gauge("ml_model_info", "The version served", ["model_name", "version", "run_id"])
TRAINED = Gauge(
    "ml_model_trained_timestamp_seconds", "When the model was trained", ["model_name"]
)

RIGHT, WRONG = "right", "wrong"
INVALID, INTERNAL, NOT_READY = "invalid_input", "internal", "not_ready"


class Monitor:
    """The metrics of one model."""

    def __init__(self, name: str, about: dict[str, Any], bins: dict[str, Any]) -> None:
        """Begin all series at 0: a rate needs to see the first increase.

        `about` is the model.json beside the model, `bins` its reference.json; either
        may be empty.
        """
        self.name = name
        self.features = bins.get("features", {})
        self.prediction = bins.get("prediction")
        self.wants_confidence = "confidence" in bins
        for protocol in ("v1", "v2"):
            REQUESTS.labels(name, protocol)
        for reason in (INVALID, INTERNAL, NOT_READY):
            ERRORS.labels(name, reason)
        for feature, its_bins in self.features.items():
            comparable = reference.is_enough(its_bins, bins["rows"])
            for bin_name, ratio in _bins(its_bins):
                FEATURES.labels(name, feature, bin_name)
                # Without a yardstick there is no index, and no alert by chance.
                if comparable:
                    FEATURE_RATIOS.labels(name, feature, bin_name).set(ratio)
        if self.prediction:
            comparable = reference.is_enough(self.prediction, self.prediction["rows"])
            for bin_name, ratio in _bins(self.prediction):
                PREDICTIONS.labels(name, bin_name)
                if comparable:
                    PREDICTION_RATIOS.labels(name, bin_name).set(ratio)
            if self.is_classifier:
                for outcome in (RIGHT, WRONG):
                    FEEDBACK.labels(name, outcome)
            else:
                FEEDBACK_ERROR.labels(name)
        if self.wants_confidence:
            CONFIDENCE.labels(name)
        if about:
            INFO.labels(name, about["version"], about["run_id"]).set(1)
            TRAINED.labels(name).set(pd.Timestamp(about["trained_at"]).timestamp())

    @property
    def is_classifier(self) -> bool:
        """Whether the answers are classes."""
        return bool(self.prediction) and self.prediction["kind"] == reference.CATEGORY

    def asked(self, protocol: str) -> None:
        """Count a request of v1 or v2."""
        REQUESTS.labels(self.name, protocol).inc()

    def failed(self, status: int) -> None:
        """Count a request that got an error, by the status of HTTP."""
        reason = INTERNAL if status >= 500 else INVALID
        ERRORS.labels(self.name, NOT_READY if status == 503 else reason).inc()

    def answered(self, rows: pd.DataFrame, predictions: np.ndarray) -> None:
        """Count the values of a request that was answered, and the answer."""
        for feature, bins in self.features.items():
            if feature in rows:
                _count(FEATURES, (self.name, feature), bins, rows[feature])
        if self.prediction:
            _count(PREDICTIONS, (self.name,), self.prediction, pd.Series(predictions))

    def sure(self, probabilities: np.ndarray) -> None:
        """Count how sure the model was of the class that it answered, for each row."""
        confidence = CONFIDENCE.labels(self.name)
        for share in np.max(probabilities, axis=1).tolist():
            confidence.observe(share)

    def told(self, right: int, wrong: int) -> None:
        """Count answers that have turned out to be right or wrong."""
        FEEDBACK.labels(self.name, RIGHT).inc(right)
        FEEDBACK.labels(self.name, WRONG).inc(wrong)

    def told_error(self, distance: float) -> None:
        """Count by how much a number was wrong."""
        FEEDBACK_ERROR.labels(self.name).observe(distance)


def _bins(bins: dict[str, Any]) -> list[tuple[str, float]]:
    return list(zip(reference.bin_names(bins), reference.bin_ratios(bins)))


def _count(
    counter: Counter, labels: tuple[str, ...], bins: dict[str, Any], values: pd.Series
) -> None:
    counts = reference.count_bins(bins, values)
    for bin_name, count in zip(reference.bin_names(bins), counts):
        if count:
            counter.labels(*labels, bin_name).inc(count)
