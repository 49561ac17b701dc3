"""The metrics of one model, over the query API of Prometheus."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime, timedelta, timezone
from typing import Any, Iterator

import requests

from greenroom_ml.errors import PipelineError
from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.drift_findings import (
    ACCURACY,
    CONFIDENCE,
    PREDICTION,
    Counts,
    Window,
)

TIMEOUT_SECONDS = 60
MAX_ANSWER_BYTES = 64 * 1024 * 1024
HISTORY = timedelta(days=30)
MAX_WINDOWS = 61
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# What one server is, whatever it is scraped by; a label that is missing is empty.
SERVER = "job, namespace, pod, instance"
Series = tuple[dict[str, str], list[tuple[float, float]]]


class Prometheus:
    """Asks about one model; `namespace` may be empty."""

    def __init__(
        self,
        url: str,
        token: str,
        name: str,
        namespace: str,
        window: str,
        now: datetime | None = None,
    ) -> None:
        """Remember where to ask, for what, and what time it is for all questions."""
        if not re.match("https?://", url):
            raise PipelineError("PROMETHEUS_URL must begin with https:// or http://")
        self.url = url.rstrip("/") + "/api/v1/"
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        labels = {"model_name": name, **({"namespace": namespace} if namespace else {})}
        self.pairs = [f"{key}={_quoted(value)}" for key, value in labels.items()]
        self.window, self.length = window, _length(window)
        self.now = now or datetime.now(timezone.utc).replace(microsecond=0)

    def version(self) -> str | None:
        """Return the newest of the versions that are served now."""
        info = self._ask(f"max by (version) (ml_model_info{self._labels()})")
        versions = [labels.get("version", "") for labels, _ in info]
        return max(versions, key=_as_number, default=None)

    def windows(self, version: str, bins: dict[str, Any]) -> list[Window]:
        """Return what servers of a version have counted, the oldest window first."""
        amount = min(HISTORY // self.length + 1, MAX_WINDOWS)
        ends = [self.now - self.length * at for at in reversed(range(amount))]
        counts: list[Counts] = [{} for _ in ends]

        def add(at: float, name: str, bin_name: str, value: float) -> None:
            place = round((at - ends[0].timestamp()) / self.length.total_seconds())
            # A bin in which nothing was counted says nothing.
            if 0 <= place < len(ends) and value > 0:
                its_bins = counts[place].setdefault(name, {})
                its_bins[bin_name] = its_bins.get(bin_name, 0) + value

        asked = {
            "feature": "ml_feature_values_total",
            "prediction": "ml_prediction_values_total",
            "outcome": "ml_feedback_total",
        }
        by = {"feature": "feature, bin", "prediction": "bin", "outcome": "outcome"}
        for kind, metric in asked.items():
            for labels, points in self._history(metric, by[kind], version, ends):
                name = labels.get("feature", PREDICTION)
                name = ACCURACY if kind == "outcome" else name
                for at, value in points:
                    add(at, name, labels.get("outcome", labels.get("bin", "")), value)
        if "confidence" in bins:
            names = reference.bin_names(bins["confidence"])
            histogram = self._history(
                "ml_prediction_confidence_bucket", "le", version, ends
            )
            for at, bin_at, value in _unstacked(histogram):
                add(at, CONFIDENCE, names[bin_at], value)
        return [Window(each, end - self.length, end) for each, end in zip(counts, ends)]

    def requests(self) -> dict[str, Any]:
        """Return how many predictions were asked for, and how many failed."""
        asked = self._value(f"sum({self._increase('ml_requests_total')})")
        failed = self._value(f"sum({self._increase('ml_request_errors_total')})")
        return {"observations": round(asked or 0), "errors": round(failed or 0)}

    def latency(self) -> dict[str, Any]:
        """Return how long predictions took, now and in the window before."""
        metric, before = "request_predict_seconds", f" offset {self.window}"
        count = self._value(f"sum({self._increase(f'{metric}_count')})")
        total = self._value(f"sum({self._increase(f'{metric}_sum')})")
        p95 = [
            f"histogram_quantile(0.95, sum by (le) ({self._increase(each, offset)}))"
            for each, offset in ((f"{metric}_bucket", ""), (f"{metric}_bucket", before))
        ]
        return {
            "observations": round(count or 0),
            "mean_seconds": total / count if count and total is not None else None,
            "p95_seconds": self._value(p95[0]),
            "p95_seconds_before": self._value(p95[1]),
        }

    def error_sum(self) -> tuple[int, float | None]:
        """Return how many outcomes of a number came back, and the mean error."""
        name = "ml_feedback_absolute_error"
        count = self._value(f"sum({self._increase(f'{name}_count')})")
        total = self._value(f"sum({self._increase(f'{name}_sum')})")
        mean = total / count if count and total is not None else None
        return round(count or 0), mean

    def _labels(self, *more: str) -> str:
        return "{" + ", ".join([*self.pairs, *more]) + "}"

    def _increase(self, metric: str, offset: str = "") -> str:
        return f"increase({metric}{self._labels()}[{self.window}]{offset})"

    def _history(
        self, metric: str, by: str, version: str, ends: list[datetime]
    ) -> list[Series]:
        """Return the rises of a counter, on servers of one version and no other."""
        served, other = (f"version{sign}{_quoted(version)}" for sign in ("=", "!="))
        info = [
            f"max_over_time(ml_model_info{self._labels(each)}[{self.window}])"
            for each in (served, other)
        ]
        expression = (
            f"sum by ({by}) ({self._increase(metric)} and on ({SERVER}) {info[0]} "
            f"unless on ({SERVER}) {info[1]})"
        )
        answer = self._get(
            "query_range",
            query=expression,
            start=ends[0].timestamp(),
            end=ends[-1].timestamp(),
            step=self.length.total_seconds(),
        )
        return _read(answer, "values")

    def _value(self, expression: str) -> float | None:
        """Return the one value of an expression, if there is one."""
        for _, points in self._ask(expression):
            for _, value in points:
                return value
        return None

    def _ask(self, expression: str) -> list[Series]:
        now = self.now.timestamp()
        return _read(self._get("query", query=expression, time=now), "value")

    def _get(self, path: str, **form: Any) -> Any:
        try:
            with requests.post(
                self.url + path,
                data=form,
                headers=self.headers,
                timeout=TIMEOUT_SECONDS,
                stream=True,
                # The token is for this address alone.
                allow_redirects=False,
            ) as response:
                body = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=True)
                status = response.status_code
        except (requests.RequestException, OSError) as error:
            raise PipelineError(
                f"Prometheus does not answer: {type(error).__name__} (PROMETHEUS_URL)"
            ) from error
        if len(body) > MAX_ANSWER_BYTES:
            raise PipelineError("Prometheus answers with more than 64 MB")
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise PipelineError(
                f"Prometheus answers with status {status} and no JSON; "
                "correct PROMETHEUS_URL, or set PROMETHEUS_TOKEN"
            ) from error
        if isinstance(answer, dict) and answer.get("status") == "error":
            reason = str(answer.get("error"))[:300]
            raise PipelineError(f"Prometheus refuses the query: {reason}")
        return answer


def _read(answer: Any, key: str) -> list[Series]:
    """Return labels and points of each series; a point that is no number is none."""
    try:
        found = []
        for series in answer["data"]["result"]:
            labels = {str(name): str(value) for name, value in series["metric"].items()}
            points = series[key] if key == "values" else [series[key]]
            read = [(float(at), float(value)) for at, value in points]
            found.append((labels, [each for each in read if math.isfinite(each[1])]))
        return found
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise PipelineError(
            f"PROMETHEUS_URL answers, but not as Prometheus does: {error!r}"
        ) from error


def _unstacked(histogram: list[Series]) -> Iterator[tuple[float, int, float]]:
    """Yield time, place and count of each bin of a histogram, which has them summed."""
    at_most: dict[float, dict[float, float]] = {}
    for labels, points in histogram:
        try:
            bound = float(labels.get("le", ""))
        except ValueError:
            continue
        for at, value in points:
            at_most.setdefault(at, {})[bound] = value
    bounds = [*reference.CONFIDENCE_EDGES, math.inf]
    for at, found in at_most.items():
        below = 0.0
        for place, bound in enumerate(bounds):
            value = max(found.get(bound, below), below)
            yield at, place, value - below
            below = value


def _quoted(text: str) -> str:
    """A JSON text is a text of PromQL, too, if it has no surrogates."""
    return json.dumps(text, ensure_ascii=False)


def _length(window: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,4})([smhdw])", window)
    if not match:
        raise PipelineError(f"DRIFT_WINDOW must be like 1d or 12h; it is {window!r}")
    length = timedelta(**{UNITS[match[2]]: int(match[1])})
    if length > HISTORY / 2:
        raise PipelineError(f"DRIFT_WINDOW must be 15d at most; it is {window!r}")
    return length


def _as_number(version: str) -> int:
    return int(version) if version.isdecimal() else -1
