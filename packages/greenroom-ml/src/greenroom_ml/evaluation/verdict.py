"""What the gate decided, and how it is said: in one line, and for a page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

from greenroom_ml.config import GateConfig
from greenroom_ml.evaluation import judge as decisions
from greenroom_ml.evaluation import report
from greenroom_ml.evaluation.judge import CANNOT_TELL, FAILED, Figures, Reason, Rule
from greenroom_ml.evaluation.spread import Interval


@dataclass(frozen=True)
class Champion:
    """The version that holds the alias `champion`, beside the candidate.

    `value` and `beside`: its metric and the candidate's on the same held-out rows;
    `over`: by how much the candidate's is more. None of them: not to be compared, and
    `note` says why.
    """

    name: str
    version: str
    value: float | None = None
    beside: float | None = None
    over: Interval | None = None
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the gate decided, and from which figures."""

    gate: GateConfig
    figures: Figures
    champion: Champion | None
    decision: decisions.Verdict

    @property
    def passed(self) -> bool:
        """Whether the model may be registered."""
        return self.decision.passes

    @property
    def value(self) -> float:
        """The gate's metric of the model."""
        return self.figures.value.mean


def judge(
    gate: GateConfig,
    figures: Figures,
    champion: Champion | None = None,
    others: tuple[Reason, ...] = (),
) -> Verdict:
    """Decide by figures and by `others`, checks that were made elsewhere."""
    rule = Rule(
        gate.metric,
        gate.threshold,
        gate.when_unsure,
        gate.max_model_mb,
        gate.max_row_ms,
        gate.direction == "maximize",
    )
    return Verdict(gate, figures, champion, decisions.judge(rule, figures, others))


def describe(verdict: Verdict) -> str:
    """Say the verdict in one line: by how much, against which champion, and why."""
    gate, value = verdict.gate, verdict.value
    head = f"Gate {'passed' if verdict.passed else 'FAILED'}: {gate.metric}"
    if math.isnan(value):
        return f"{head} is not a number on the held-out rows"
    maximize = gate.direction == "maximize"
    show = _format(value, gate.threshold)
    if (value >= gate.threshold) if maximize else (value <= gate.threshold):
        sign, short = ("≥" if maximize else "≤"), ""
    else:
        distance = show(abs(value - gate.threshold))
        sign = "<" if maximize else ">"
        short = f", {distance} {'short' if maximize else 'too much'}"
    parts = [
        f"{head} {show(value)} {sign} {show(gate.threshold)} (threshold){short}",
        _champion_sentence(verdict),
    ]
    reasons = verdict.decision.reasons
    parts += [
        reason.sentence
        for reason in reasons
        if reason.outcome == FAILED and reason.check not in ("champion", "threshold")
    ]
    if verdict.decision.outcome == CANNOT_TELL:
        parts += [
            f"cannot tell: {reason.sentence}"
            for reason in reasons
            if reason.outcome == CANNOT_TELL
        ]
    return "; ".join(parts)


def _champion_sentence(verdict: Verdict) -> str:
    champion = verdict.champion
    if champion is None:
        return "there is no champion yet"
    name = f"champion {champion.name} v{champion.version}"
    if champion.value is None or champion.beside is None:
        return f"{name} is not compared: {champion.note}"
    show = _format(champion.value, champion.beside)
    sentence = f"{name} has {show(champion.value)}"
    lost = [each for each in verdict.decision.reasons if each.check == "champion"]
    if any(each.outcome == FAILED for each in lost):
        return f"{sentence}, {show(abs(champion.beside - champion.value))} better"
    return f"{sentence} where this model has {show(champion.beside)}"


def _format(*values: float) -> Callable[[float], str]:
    """Return a format with three decimals, or as many as tell the values apart."""
    different = {value for value in values if math.isfinite(value)}
    decimals = 3
    while decimals < 12 and len({f"{v:.{decimals}f}" for v in different}) < len(
        different
    ):
        decimals += 1
    return lambda value: f"{value:.{decimals}f}"


def summary(verdict: Verdict) -> str:
    """Return the verdict as Markdown for the page of the workflow run."""
    figures, champion = verdict.figures, verdict.champion
    sign = "≥" if verdict.gate.direction == "maximize" else "≤"
    rows = {
        "this model, mean and 95 % interval": str(figures.value),
        "threshold": f"{sign} {verdict.gate.threshold:.6g}",
        "the same answer to every row": f"{figures.constant.mean:.6g}",
    }
    if figures.linear is not None:
        rows["a linear model"] = f"{figures.linear.mean:.6g}"
    if champion is None:
        rows["champion"] = "none yet"
    elif champion.value is None or champion.beside is None:
        rows[f"champion v{champion.version}"] = "not compared"
    else:
        rows[f"champion v{champion.version}, on the same rows"] = (
            f"{champion.value:.6g}; this model {champion.beside:.6g}"
        )
    table = "".join(f"| {name} | {value} |\n" for name, value in rows.items())
    return (
        f"### {describe(verdict)}\n\n"
        f"| | {verdict.gate.metric} |\n| --- | --- |\n{table}\n"
        f"{report.verdict_markdown(verdict.decision)}"
    )
