"""What has drifted, in each window of time, and since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Iterator, Sequence

from scipy import stats

from greenroom_ml.monitoring import comparison, power, reference
from greenroom_ml.monitoring.comparison import Comparison

# In the place of a feature's name; no column is called so.
PREDICTION, CONFIDENCE, ACCURACY = "", "\0confidence", "\0accuracy"
LABELS = {
    PREDICTION: "the predictions",
    CONFIDENCE: "the confidence",
    ACCURACY: "the accuracy",
}
FEATURE = "feature"
# How often each bin was seen, by feature.
Counts = dict[str, dict[str, float]]
RIGHT, WRONG = "right", "wrong"
# So many labels are the fewest, and so much less accuracy matters, or is far away.
ENOUGH_LABELS = 100
LESS_ACCURATE, FAR_LESS_ACCURATE = 0.05, 0.1


@dataclass(frozen=True)
class Window:
    """A stretch of time, or of a table's rows, and what was counted in it."""

    counts: Counts
    start: datetime | None = None
    end: datetime | None = None

    @property
    def rows(self) -> int:
        """How many predictions were given in it."""
        return round(sum(self.counts.get(PREDICTION, {}).values()))


@dataclass(frozen=True)
class Finding:
    """What is known of one feature, or of the answers, in one window."""

    name: str
    comparison: Comparison
    q_value: float | None = None
    # At how many one has looked in the same window.
    tests: int = 1

    @property
    def is_feature(self) -> bool:
        """Whether it is a column of the table."""
        return self.name not in LABELS

    @property
    def label(self) -> str:
        """What people call it, short enough for a sentence."""
        label = LABELS.get(self.name, self.name)
        return label if len(label) <= 100 else f"{label[:99]}…"

    @property
    def significant(self) -> bool:
        """More than chance, considering at how many features one looks."""
        return self.q_value is not None and self.q_value <= comparison.FALSE_DISCOVERIES

    @property
    def drifted(self) -> bool:
        """Moved by more than chance, and by enough to matter."""
        return self.comparison.moved and self.significant

    @property
    def far(self) -> bool:
        """Drifted far."""
        return self.drifted and self.comparison.far

    @property
    def power(self) -> float:
        """How probable it was to find what matters."""
        return power.power(self.comparison, self.tests)

    @property
    def needed(self) -> int | None:
        """How many values it takes; None: the training had too few."""
        return power.rows_needed(self.comparison, self.tests)

    @property
    def told(self) -> bool:
        """Whether it has drifted, or would have been found to."""
        return self.drifted or self.power >= power.ENOUGH_POWER

    @property
    def level(self) -> str:
        """`far`, `moved`, `none` or `insufficient_data`."""
        if not self.told:
            return "insufficient_data"
        return "far" if self.far else "moved" if self.drifted else "none"


def described(bins: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Yield name, bins and training rows of all that is compared by bins."""
    for name, its_bins in bins["features"].items():
        yield name, its_bins, bins["rows"]
    yield PREDICTION, bins["prediction"], bins["prediction"]["rows"]
    if "confidence" in bins:
        yield CONFIDENCE, bins["confidence"], bins["confidence"]["rows"]


def examine(
    bins: dict[str, Any], windows: Sequence[Window], accuracy: float | None = None
) -> list[dict[str, Finding]]:
    """Compare what each window has counted with the reference, by name.

    `accuracy` is that of the held-out rows, where it is known.
    """
    compared: dict[str, list[Comparison]] = {}
    for name, its_bins, rows in described(bins):
        seen = [window.counts.get(name, {}) for window in windows]
        found = comparison.compare(
            its_bins, [in_order(its_bins, each) for each in seen], rows
        )
        known = set(reference.bin_names(its_bins))
        compared[name] = [
            # Bins of another version: what was served is not what is compared with.
            Comparison(0, each.needed) if set(counts) - known else each
            for each, counts in zip(found, seen)
        ]
    if accuracy is not None:
        labels = [window.counts.get(ACCURACY, {}) for window in windows]
        rows = bins["prediction"]["rows"]
        compared[ACCURACY] = [_accuracy(each, accuracy, rows) for each in labels]
    return [weigh(names_now) for names_now in _by_window(compared)]


def weigh(compared: dict[str, Comparison]) -> dict[str, Finding]:
    """Consider at how many one looks in a window."""
    q_values = comparison.q_values([each.p_value for each in compared.values()])
    tests = sum(each.known for each in compared.values())
    return {
        name: Finding(name, each, q_value, tests)
        for (name, each), q_value in zip(compared.items(), q_values)
    }


def in_order(bins: dict[str, Any], counts: dict[str, float]) -> list[int]:
    """Return counts in the order of the bins' names, as whole numbers."""
    return [round(counts.get(name, 0)) for name in reference.bin_names(bins)]


def since(history: Sequence[tuple[Window, dict[str, Finding]]], name: str) -> Any:
    """Return when the drift that lasts until now began, as far back as is known.

    A window that knows too little does not end it. None: there is none now.
    """
    began = None
    for window, findings in reversed(history):
        if findings[name].drifted:
            began = window.start
        elif findings[name].told or began is None:
            break
    return began


def _by_window(
    compared: dict[str, list[Comparison]],
) -> Iterator[dict[str, Comparison]]:
    for row in zip(*compared.values()):
        yield dict(zip(compared, row))


def _accuracy(
    labels: dict[str, float], before: float, reference_rows: int
) -> Comparison:
    """Compare the share of right answers with that of the held-out rows."""
    right, wrong = (round(labels.get(each, 0)) for each in (RIGHT, WRONG))
    rows = right + wrong
    unknown = Comparison(rows, ENOUGH_LABELS)
    if rows < ENOUGH_LABELS or reference_rows < ENOUGH_LABELS:
        return unknown
    was_right = round(before * reference_rows)
    table = [[right, wrong], [was_right, reference_rows - was_right]]
    less = before - right / rows
    return replace(
        unknown,
        p_value=float(stats.fisher_exact(table).pvalue),
        # Better than it was is no reason to wake anybody.
        moved=less >= LESS_ACCURATE,
        far=less >= FAR_LESS_ACCURATE,
    )
