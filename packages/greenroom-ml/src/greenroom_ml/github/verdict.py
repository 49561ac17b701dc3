"""The gate's verdict as Markdown, made of JSON that anyone may have written."""

from __future__ import annotations

import math
import re
from typing import Any

from greenroom_ml.errors import PipelineError
from greenroom_ml.github.summary import code

OUTCOMES = ("passed", "failed", "cannot tell", "note")
MAX_REASONS = 20


def render(verdict: dict[str, Any]) -> str:
    """Return title, table of figures and reasons.

    Figures are numbers or a dash, all else is code. Raise PipelineError for an outcome
    that is none.
    """
    outcome = _outcome(verdict)
    went = "and goes on" if verdict.get("passed") is True else "and does not go on"
    sign = "≤" if verdict.get("direction") == "minimize" else "≥"
    rows = {
        "this model, mean and 95 % interval": _interval(verdict.get("value")),
        "threshold": f"{sign} {_number(verdict.get('threshold'))}",
        "the same answer to every row": _number(verdict.get("constant")),
        "a linear model": _number(verdict.get("linear")),
        **_champion(verdict.get("champion")),
    }
    lines = [
        f"### The gate: {outcome}, {went}",
        "",
        f"| | {code(str(verdict.get('metric', '')), 60)} |",
        "| --- | --- |",
        *(f"| {name} | {figure} |" for name, figure in rows.items()),
        "",
    ]
    reasons = verdict.get("reasons")
    for reason in reasons[:MAX_REASONS] if isinstance(reasons, list) else []:
        if isinstance(reason, dict):
            check = code(str(reason.get("check", "")), 60)
            sentence = code(str(reason.get("sentence", "")))
            lines.append(f"- {check} {_outcome(reason)}: {sentence}")
    return "\n".join(lines) + "\n"


def _champion(found: Any) -> dict[str, str]:
    if not isinstance(found, dict):
        return {"champion": "none yet"}
    version = str(found.get("version", ""))
    name = f"champion v{version}" if re.fullmatch(r"\d{1,9}", version) else "champion"
    if _is_number(found.get("value")) and _is_number(found.get("beside")):
        theirs, ours = _number(found["value"]), _number(found["beside"])
        return {
            f"{name}, on the same rows": f"{theirs}; this model {ours}",
            "this model less the champion, paired": _interval(found.get("over")),
        }
    return {name: f"not compared: {code(str(found.get('note', '')))}"}


def _outcome(found: dict[str, Any]) -> str:
    outcome = found.get("outcome")
    if outcome not in OUTCOMES:
        raise PipelineError("The gate's verdict has an outcome that is none")
    return str(outcome)


def _interval(found: Any) -> str:
    if not isinstance(found, dict):
        return "–"
    mean, low, high = (_number(found.get(name)) for name in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and abs(value) < 1e300 and math.isfinite(value)


def _number(value: Any) -> str:
    return f"{float(value):.4g}" if _is_number(value) else "–"
