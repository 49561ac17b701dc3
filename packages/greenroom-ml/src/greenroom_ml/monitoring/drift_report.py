"""The report on drift as JSON: `drift.json`, whose contract is in the README."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from greenroom_ml.monitoring import reference
from greenroom_ml.monitoring.drift_analysis import Analysis, Baseline
from greenroom_ml.monitoring.drift_findings import (
    ACCURACY,
    CONFIDENCE,
    PREDICTION,
    Finding,
    Window,
    described,
    in_order,
)

SCHEMA_VERSION = 1
DIGITS = 6


def report(
    analysis: Analysis,
    about: dict[str, Any],
    source: dict[str, Any],
    measured: dict[str, Any],
    retrain: bool = False,
) -> dict[str, Any]:
    """Return everything that was found; the features by how far they moved.

    `measured` is what is known of requests, latency and, of numbers, of the error.
    """
    verdict, reason = analysis.verdict
    baselines = analysis.baselines()
    said = {
        name: _compared(analysis, name, its_bins, rows, baselines)
        for name, its_bins, rows in described(analysis.bins)
    }
    prediction, confidence = said.pop(PREDICTION), said.pop(CONFIDENCE, None)
    findings = analysis.findings[-1]
    order = sorted(said, key=lambda name: _distance(findings[name]), reverse=True)
    return {
        "schema_version": SCHEMA_VERSION,
        "model": about,
        "source": source,
        "examined_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "window": _time(analysis.now),
        "verdict": verdict,
        "reason": reason,
        "retrain": retrain,
        "features": [{"name": name, **said[name]} for name in order],
        "prediction": prediction,
        "windows": [
            {**_time(window), "verdict": each, "rows": window.rows}
            for window, (each, _) in zip(analysis.windows, analysis.verdicts)
        ],
        "baselines": [
            {"days": each.days, "windows": each.windows, "rows": each.rows}
            for each in baselines
        ],
        "inputs": {
            "requests": measured.get("requests") or {"observations": 0},
            "confidence": _confidence(analysis, confidence),
            "latency": measured.get("latency") or {"observations": 0},
            "accuracy": _accuracy(analysis, measured),
        },
    }


def _time(window: Window) -> dict[str, str | None]:
    return {
        "from": window.start.isoformat() if window.start else None,
        "to": window.end.isoformat() if window.end else None,
    }


def _distance(finding: Finding) -> tuple[bool, float]:
    return finding.drifted, finding.comparison.psi or 0


def _verdict_on(analysis: Analysis, name: str) -> dict[str, Any]:
    finding = analysis.findings[-1][name]
    return {
        "observations": finding.comparison.rows,
        "observations_needed": finding.needed,
        "p": finding.comparison.p_value,
        "q": finding.q_value,
        "significant": finding.significant,
        "drifted": finding.drifted,
        "level": finding.level,
        "since": analysis.since(name),
    }


def _compared(
    analysis: Analysis,
    name: str,
    its_bins: dict[str, Any],
    reference_rows: int,
    baselines: list[Baseline],
) -> dict[str, Any]:
    compared = analysis.findings[-1][name].comparison
    counts = in_order(its_bins, analysis.now.counts.get(name, {}))
    return {
        "kind": its_bins["kind"],
        "reference_observations": reference_rows,
        **_verdict_on(analysis, name),
        "psi": _short(compared.psi),
        "psi_limit": _short(compared.limit),
        "shift": _short(compared.shift),
        "bins": {
            "names": reference.bin_names(its_bins),
            "reference": reference.bin_ratios(its_bins),
            "now": _shares(counts),
        },
        "baselines": [
            {
                "days": each.days,
                "observations": each.compared[name].rows,
                "psi": _short(each.compared[name].psi),
                "shift": _short(each.compared[name].shift),
                "p": each.compared[name].p_value,
            }
            for each in baselines
            if name in each.compared
        ],
    }


def _confidence(analysis: Analysis, compared: dict[str, Any] | None) -> dict[str, Any]:
    """Return how sure the model is, now and on the held-out rows."""
    if compared is None:
        return {"observations": 0}
    bins = compared["bins"]
    now, before = (_moments(bins[each]) for each in ("now", "reference"))
    return {
        **compared,
        "mean": now[0],
        "variance": now[1],
        "reference_mean": before[0],
        "reference_variance": before[1],
    }


def _moments(shares: list[float]) -> tuple[float | None, float | None]:
    """Return mean and variance of a confidence, each bin taken at its middle."""
    edges = [0.0, *reference.CONFIDENCE_EDGES, 1.0]
    middles = [(low + high) / 2 for low, high in zip(edges, edges[1:])]
    # Without the missing ones.
    present = shares[: len(middles)]
    if not sum(present):
        return None, None
    weighed = list(zip(present, middles))
    mean = sum(share * middle for share, middle in weighed) / sum(present)
    squares = sum(share * (middle - mean) ** 2 for share, middle in weighed)
    return _short(mean), _short(squares / sum(present))


def _accuracy(analysis: Analysis, measured: dict[str, Any]) -> dict[str, Any]:
    """Return how right the answers were, where somebody has told."""
    if ACCURACY not in analysis.findings[-1]:
        return measured.get("error") or {"observations": 0}
    labels = analysis.now.counts.get(ACCURACY, {})
    right, rows = labels.get("right", 0), sum(labels.values())
    return {
        "metric": "accuracy",
        **_verdict_on(analysis, ACCURACY),
        "value": _short(right / rows) if rows else None,
        "reference": _short(analysis.accuracy),
    }


def _shares(counts: list[int]) -> list[float]:
    rows = max(sum(counts), 1)
    return [round(count / rows, DIGITS) for count in counts]


def _short(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS)
