# SPDX-License-Identifier: Apache-2.0
"""Writes for people what was found, judged and explained: Markdown and JSON."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, Sequence

from greenroom_ml.evaluation.evaluation import CONSTANT, LINEAR, MODEL, Evaluation
from greenroom_ml.evaluation.judge import (
    CANNOT_TELL,
    FAILED,
    NOTE,
    PASSED,
    Verdict,
)
from greenroom_ml.evaluation.spread import Interval
from greenroom_ml.explain import Explanation
from greenroom_ml.tables.table_cells import Finding

WORST = (FAILED, CANNOT_TELL, NOTE, PASSED)
LABELS = {MODEL: "this model", LINEAR: "a linear model", CONSTANT: "the same answer"}


def verdict_markdown(verdict: Verdict) -> str:
    """Return the verdict with what decided it, and a table of all checks, worst first.

    For a tired person: the first line is enough unless it is bad news.
    """
    went = "goes on" if verdict.passes else "does not go on"
    decided = [each for each in verdict.reasons if each.outcome == verdict.outcome]
    why = ", ".join(each.check for each in decided)
    because = "" if verdict.outcome == PASSED else f", because of: {why}"
    lines = [
        f"**{verdict.outcome.capitalize()}**: the model {went}{because}.",
        "",
        "| | check | |",
        "| --- | --- | --- |",
    ]
    for each in sorted(verdict.reasons, key=lambda each: WORST.index(each.outcome)):
        mark = f"**{each.outcome}**" if each.outcome == FAILED else each.outcome
        lines.append(f"| {mark} | {each.check} | {_plain(each.sentence)} |")
    return "\n".join(lines) + "\n"


def evaluation_markdown(evaluation: Evaluation) -> str:
    """Return a table of every metric, of the model beside its baselines."""
    names = [name for name in LABELS if name in evaluation.values]
    lines = [
        f"By {evaluation.how}; {evaluation.rows:,} rows. Mean and 95 % interval.",
        "",
        f"| metric | {' | '.join(LABELS[name] for name in names)} |",
        f"| --- |{' --- |' * len(names)}",
    ]
    for metric in evaluation.values[MODEL]:
        cells = [str(evaluation.values[name].get(metric, "")) for name in names]
        lines.append(f"| {_plain(metric)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def findings_markdown(findings: Sequence[Finding]) -> str:
    """Return the findings of the table, those first that stop the run."""
    if not findings:
        return "Nothing was found in the table that a person should know.\n"
    return "".join(
        f"- {'**' if each.stops else ''}{each.code}{'**' if each.stops else ''}: "
        f"{_plain(str(each))}\n"
        for each in findings
    )


def explanation_markdown(explanation: Explanation) -> str:
    """Return what the model card shows: importances, residuals, and the figures."""
    lines = [f"On {explanation.rows:,} held-out rows.", ""]
    importance = explanation.numbers.get("permutation_importance")
    if importance:
        lines += [
            f"| feature | {importance['metric']} gets worse by |",
            "| --- | --- |",
            *(
                f"| {_plain(each['name'])} | {each['mean']:.3g} ± "
                f"{each['standard_deviation']:.1g} |"
                for each in importance["features"][:10]
            ),
            "",
        ]
    residuals = explanation.numbers.get("residuals")
    if residuals:
        quantiles = residuals["quantiles"]
        lines += [
            f"Nine in ten predictions are between {-quantiles['0.95']:.4g} and "
            f"{-quantiles['0.05']:.4g} off.",
            "",
        ]
    lines += [f"![{_title(name)}]({name})" for name in explanation.figures]
    lines += [f"{note}." for note in explanation.notes]
    return "\n".join(lines).rstrip() + "\n"


def as_json(value: Any) -> Any:
    """Return a value as JSON takes it: no NaN, no infinity, no NumPy numbers."""
    if isinstance(value, (Interval, Verdict, Evaluation, Finding)):
        return as_json(asdict(value))
    if isinstance(value, dict):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(each) for each in value]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _title(name: str) -> str:
    return name.removesuffix(".png").replace("_", " ")


def _plain(text: str) -> str:
    """Let text of a table be text in Markdown, whatever its cells hold."""
    return "".join(
        f"&#{ord(sign)};" if sign in "|<>[]`*_~\\" else sign
        for sign in " ".join(text.split())
    )
