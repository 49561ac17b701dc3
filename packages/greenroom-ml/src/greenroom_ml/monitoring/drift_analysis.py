"""All windows of time at once: findings, verdicts, and what was usual before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Sequence

from greenroom_ml.monitoring import comparison, reference
from greenroom_ml.monitoring.comparison import Comparison
from greenroom_ml.monitoring.drift_findings import (
    Finding,
    Window,
    described,
    examine,
    in_order,
    since,
)
from greenroom_ml.monitoring.drift_verdict import decide

# Beside the reference of the training: is it new, or has it been so for weeks?
BASELINE_DAYS = (7, 14, 30)


@dataclass(frozen=True)
class Baseline:
    """What was counted in the days before the present window, and how far that is."""

    days: int
    windows: int
    rows: int
    compared: dict[str, Comparison]


@dataclass(frozen=True)
class Analysis:
    """What was found in each window, the oldest first; the last one is now."""

    bins: dict[str, Any]
    windows: Sequence[Window]
    findings: Sequence[dict[str, Finding]]
    verdicts: Sequence[tuple[str, str]]
    # Of the held-out rows.
    accuracy: float | None = None

    @classmethod
    def of(
        cls,
        bins: dict[str, Any],
        windows: Sequence[Window],
        accuracy: float | None = None,
    ) -> Analysis:
        """Compare each window with the reference, and decide."""
        findings = examine(bins, windows, accuracy)
        earlier = [None, *findings]
        verdicts = [decide(now, before) for now, before in zip(findings, earlier)]
        return cls(bins, windows, findings, verdicts, accuracy)

    @property
    def now(self) -> Window:
        """The present window."""
        return self.windows[-1]

    @property
    def verdict(self) -> tuple[str, str]:
        """The verdict of the present window, and its reason."""
        return self.verdicts[-1]

    def since(self, name: str) -> str | None:
        """Return when a drift that lasts until now began."""
        began = since(list(zip(self.windows, self.findings)), name)
        return began.isoformat() if began else None

    def baselines(self) -> list[Baseline]:
        """Compare the present window with the days before it, as far as is known."""
        began = self.now.start
        if began is None:
            return []
        found = []
        for days in BASELINE_DAYS:
            first = began - timedelta(days=days)
            before = [
                window
                for window in self.windows[:-1]
                if window.start and window.start >= first and window.rows
            ]
            oldest = self.windows[0].start
            if before and oldest and oldest <= first:
                found.append(self._baseline(days, before))
        return found

    def _baseline(self, days: int, before: Sequence[Window]) -> Baseline:
        compared = {}
        for name, its_bins, _ in described(self.bins):
            counts = [in_order(its_bins, each.counts.get(name, {})) for each in before]
            usual = [sum(bin_counts) for bin_counts in zip(*counts)]
            if sum(usual):
                now = in_order(its_bins, self.now.counts.get(name, {}))
                [compared[name]] = comparison.compare(
                    reference.with_counts(its_bins, usual), [now], sum(usual)
                )
        rows = sum(window.rows for window in before)
        return Baseline(days, len(before), rows, compared)
