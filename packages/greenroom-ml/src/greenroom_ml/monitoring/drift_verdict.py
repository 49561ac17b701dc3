"""The verdict on drift: how bad it is, by rules, and the sentence that says why.

P0: the predictions, the accuracy or half of the features are far from the training data
in this window and in the one before. P1: something is far away, the accuracy has
fallen, or half of the features have moved. P2: something has moved. none: nothing has,
and of what matters, in whichever feature, 80 % would have been found.
insufficient_data: nobody can tell. What was found counts, however few the rows.
"""

from __future__ import annotations

from typing import Sequence

from greenroom_ml.monitoring.comparison import STRONG_SHIFT
from greenroom_ml.monitoring.drift_findings import (
    ACCURACY,
    PREDICTION,
    Finding,
)
from greenroom_ml.monitoring.power import ENOUGH_POWER

P0, P1, P2 = "P0", "P1", "P2"
NONE, INSUFFICIENT = "none", "insufficient_data"
LEVELS = {
    P0: "Retrain or roll back now",
    P1: "Look at it today",
    P2: "Look at it when there is time",
    NONE: "Nothing to do",
    INSUFFICIENT: "Wait for more requests, or look at a longer time",
}
MAX_NAMES = 5


def decide(
    now: dict[str, Finding], before: dict[str, Finding] | None = None
) -> tuple[str, str]:
    """Return the verdict and its reason; `before` is the window before this one."""
    findings = sorted(now.values(), key=lambda each: -(each.comparison.psi or 0))
    known = [each for each in findings if each.comparison.known]
    if not known:
        # Labels are few where they come at all: what is served is what counts.
        most = max(
            (each for each in findings if each.name != ACCURACY),
            key=lambda each: each.comparison.rows,
        ).comparison
        if most.rows >= most.needed:
            return INSUFFICIENT, "the model was trained on too few rows to compare with"
        return INSUFFICIENT, (
            f"{most.rows} values were seen, at least {most.needed} are needed"
        )
    half = max(sum(each.is_feature for each in known) / 2, 1)
    drifted = [each for each in known if each.drifted]
    far = [each for each in drifted if each.far]
    lasting = [each for each in far if before is not None and before[each.name].far]
    moved = [each for each in drifted if each.is_feature]
    if any(each.name in (PREDICTION, ACCURACY) for each in lasting) or (
        sum(each.is_feature for each in lasting) >= max(half, 2)
    ):
        return P0, f"far from the training data in both windows: {_names(lasting)}"
    if far:
        return P1, f"far from the training data: {_names(far)}"
    if any(each.name == ACCURACY for each in drifted):
        return P1, f"worse than on the held-out rows: {_names(drifted)}"
    if len(moved) >= max(half, 2):
        return P1, f"half of the features have moved: {_names(moved)}"
    if drifted:
        return P2, f"moved away from the training data: {_names(drifted)}"
    untold = [each for each in findings if not each.told and each.name != ACCURACY]
    features = [each for each in findings if each.is_feature]
    if sum(each.power for each in features) < ENOUGH_POWER * len(features):
        return INSUFFICIENT, _too_little([each for each in untold if each.is_feature])
    also = f"; too few values to tell of {_names(untold)}" if untold else ""
    return NONE, f"what is asked is like what was trained on{also}"


def _too_little(untold: Sequence[Finding]) -> str:
    """Say how much there was, and how much it takes."""
    aim = f"to find a move of {STRONG_SHIFT:g} σ with a power of {ENOUGH_POWER:.0%}"
    needed = [each.needed for each in untold]
    if None in needed:
        learnt = [each for each in untold if each.needed is None]
        rows = min(each.comparison.reference_rows for each in learnt)
        said = f"the model was trained on {rows} rows, which are too few {aim}"
    else:
        rows = min(each.comparison.rows for each in untold)
        said = f"{rows} values were seen, at least {max(needed)} are needed {aim}"
    return f"{said}, of {_names(untold)}"


def _names(findings: Sequence[Finding]) -> str:
    listed = ", ".join(finding.label for finding in findings[:MAX_NAMES])
    return listed + (" and more" if len(findings) > MAX_NAMES else "")
