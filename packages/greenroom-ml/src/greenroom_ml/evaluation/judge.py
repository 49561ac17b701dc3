# SPDX-License-Identifier: Apache-2.0
"""The gate's decision, of figures alone: passed, failed, or cannot tell, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

from greenroom_ml.evaluation.metrics import greater_is_better
from greenroom_ml.evaluation.spread import Interval

PASSED, FAILED, CANNOT_TELL, NOTE = "passed", "failed", "cannot tell", "note"


@dataclass(frozen=True)
class Rule:
    """What `gate` in config.yaml asks for.

    `when_unsure`: pass or fail, where the threshold lies inside the interval. No limit
    of size (megabytes, as logged) or latency (milliseconds a row): none is held.
    """

    metric: str
    threshold: float
    when_unsure: str = "pass"
    max_model_mb: float | None = 100.0
    max_row_ms: float | None = 50.0
    greater_is_better: bool | None = None

    @property
    def sign(self) -> int:
        """1 where more of the metric is better, else -1."""
        better = self.greater_is_better
        return (
            1 if (greater_is_better(self.metric) if better is None else better) else -1
        )


@dataclass(frozen=True)
class Figures:
    """What was measured of the model.

    `value`: its metric. `over_constant`, `over_linear`: its metric less that of the
    baseline, on the same folds. `constant`, `linear`: theirs. `over_champion`: less
    that of the champion, on the same rows. Size in megabytes, latency in milliseconds a
    row.
    """

    value: Interval
    constant: Interval
    over_constant: Interval
    linear: Interval | None = None
    over_linear: Interval | None = None
    over_champion: Interval | None = None
    champion: str = "the champion"
    model_mb: float | None = None
    row_ms: float | None = None


@dataclass(frozen=True)
class Reason:
    """One check: its name, its outcome and a sentence for a person."""

    check: str
    outcome: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What the gate decided: the outcome, whether the model may go on, and why."""

    outcome: str
    passes: bool
    reasons: tuple[Reason, ...]

    @property
    def sentence(self) -> str:
        """The sentence of the check that decided."""
        return next(
            reason.sentence for reason in self.reasons if reason.outcome == self.outcome
        )


def judge(rule: Rule, figures: Figures, others: tuple[Reason, ...] = ()) -> Verdict:
    """Decide; `others` are checks made elsewhere, as of the libraries' versions.

    Any check that failed fails the model, in this order: no better than the constant
    answer, below the threshold, worse than the champion, too large, too slow. Without
    such a check, a threshold inside the interval is "cannot tell".
    """
    reasons = (
        _threshold(rule, figures),
        _constant(rule, figures),
        *_linear(rule, figures),
        *_champion(rule, figures),
        *_limits(rule, figures),
        *others,
    )
    outcomes = [reason.outcome for reason in reasons]
    if FAILED in outcomes:
        # That a model is none says more than that it is not good enough.
        ordered = sorted(reasons, key=lambda reason: reason.check != "constant answer")
        return Verdict(FAILED, False, tuple(ordered))
    if CANNOT_TELL in outcomes:
        return Verdict(CANNOT_TELL, rule.when_unsure == "pass", reasons)
    return Verdict(PASSED, True, reasons)


def _better_bounds(rule: Rule, interval: Interval) -> tuple[float, float]:
    """Return the bounds of how much better, the worse one first."""
    bounds = (rule.sign * interval.low, rule.sign * interval.high)
    return min(bounds), max(bounds)


def _rows(interval: Interval) -> str:
    return f"{interval.rows:,} row{'' if interval.rows == 1 else 's'}"


def _threshold(rule: Rule, figures: Figures) -> Reason:
    value = figures.value
    low, high = _better_bounds(rule, value)
    wanted = rule.sign * rule.threshold
    limit = "at least" if rule.sign > 0 else "at most"
    said = (
        f"{rule.metric} is {value} on {_rows(value)}; {limit} {rule.threshold:g} is "
        "asked for"
    )
    if math.isnan(value.mean):
        return Reason(
            "threshold",
            FAILED,
            f"{rule.metric} has no value: the rows that judge hold too little; hold "
            "out more rows or choose another metric",
        )
    if low >= wanted:
        return Reason("threshold", PASSED, said)
    if high < wanted:
        return Reason("threshold", FAILED, said)
    went = "passes" if rule.when_unsure == "pass" else "does not pass"
    return Reason(
        "threshold",
        CANNOT_TELL,
        f"{said}. That lies inside the interval: these rows cannot tell whether the "
        f"model reaches it. By itself this {went} (gate.when_unsure: "
        f"{rule.when_unsure}); more rows make the interval narrower",
    )


def _constant(rule: Rule, figures: Figures) -> Reason:
    low, _ = _better_bounds(rule, figures.over_constant)
    by = rule.sign * figures.over_constant.mean
    beside = (
        f"{rule.metric} is {figures.value.mean:.4g}, and {figures.constant.mean:.4g} "
        "for the same answer to every row"
    )
    if low > 0:
        return Reason("constant answer", PASSED, f"Better than no model: {beside}")
    if math.isnan(by):
        why = "the two cannot be compared on these rows"
    elif by <= 0:
        why = "the model is no better"
    else:
        why = (
            f"the difference is no larger than the noise "
            f"({figures.over_constant.low:.2g} to {figures.over_constant.high:.2g})"
        )
    return Reason(
        "constant answer",
        FAILED,
        f"The model has learnt nothing that {rule.metric} shows: {beside}; {why}. No "
        "threshold makes up for that; other columns, more rows, or another metric "
        "(f1_macro or roc_auc for rare classes) may help",
    )


def _linear(rule: Rule, figures: Figures) -> tuple[Reason, ...]:
    if figures.linear is None or figures.over_linear is None:
        return ()
    low, high = _better_bounds(rule, figures.over_linear)
    beside = (
        f"{rule.metric} is {figures.linear.mean:.4g} for a linear model, and "
        f"{figures.value.mean:.4g} for this one"
    )
    if low > 0:
        return (
            Reason("linear model", PASSED, f"Better than a linear model: {beside}"),
        )
    if high < 0:
        said = f"A linear model is better: {beside}. Choose it, or see what it finds"
    elif rule.sign * figures.over_linear.mean <= 0:
        said = (
            f"A linear model does as well: {beside}. The simpler one is easier to "
            "explain and to serve"
        )
    else:
        over = figures.over_linear
        said = (
            f"These rows cannot tell it from a linear model: {beside}, and the "
            f"difference may be {over.low:.2g} to {over.high:.2g}. The simpler one is "
            "easier to explain and to serve"
        )
    return (Reason("linear model", NOTE, said),)


def _champion(rule: Rule, figures: Figures) -> tuple[Reason, ...]:
    over = figures.over_champion
    if over is None:
        return ()
    low, high = _better_bounds(rule, over)
    said = (
        f"{rule.metric} less that of {figures.champion} is {over} on the same "
        f"{_rows(over)}"
    )
    if math.isnan(over.mean):
        return (Reason("champion", NOTE, f"{said}: they cannot be compared"),)
    if high < 0:
        return (Reason("champion", FAILED, f"Worse than {figures.champion}: {said}"),)
    if low > 0:
        return (Reason("champion", PASSED, f"Better than {figures.champion}: {said}"),)
    return (
        Reason(
            "champion",
            PASSED,
            f"No worse than {figures.champion}, as far as these rows tell: {said}",
        ),
    )


def _limits(rule: Rule, figures: Figures) -> tuple[Reason, ...]:
    checks = (
        (
            "model size",
            figures.model_mb,
            rule.max_model_mb,
            "MB",
            "max_model_mb",
            "fewer or smaller trees (max_leaf_nodes, min_samples_leaf)",
        ),
        (
            "latency",
            figures.row_ms,
            rule.max_row_ms,
            "ms a row",
            "max_row_ms",
            "fewer columns or trees",
        ),
    )
    reasons = []
    for check, value, limit, unit, key, remedy in checks:
        if value is None or limit is None:
            continue
        said = f"The {check} is {value:.3g} {unit}; gate.{key} is {limit:g}"
        if value > limit:
            reasons.append(Reason(check, FAILED, f"{said}: {remedy} would help"))
        else:
            reasons.append(Reason(check, PASSED, said))
    return tuple(reasons)
