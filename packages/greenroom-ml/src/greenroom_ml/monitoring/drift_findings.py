"""What has drifted, how bad it is, and how to say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from greenroom_ml.monitoring import psi, reference

# In the place of a feature's name; no column is called so.
PREDICTION = ""
# How often each bin was seen, by feature.
Counts = dict[str, dict[str, float]]
LEVELS = {
    "P0": "Retrain or roll back now",
    "P1": "Look at it today",
    "P2": "Look at it when there is time",
    "none": "Nothing to do",
    "insufficient_data": "Wait for more requests, or look at a longer time",
}


@dataclass(frozen=True)
class Finding:
    """What is known of one feature, or of the prediction."""

    name: str
    overall: psi.Shift
    periods: tuple[psi.Shift, psi.Shift]
    moves: list[dict[str, Any]]
    significant: bool = False

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or "the predictions"

    @property
    def drifted(self) -> bool:
        """Moved by more than chance, and by enough to matter."""
        return self.overall.moved and self.significant

    @property
    def strong(self) -> bool:
        """Drifted far."""
        return self.drifted and self.overall.strong

    @property
    def lasting(self) -> bool:
        """Drifted far, and in both periods: no passing peak."""
        return self.strong and all(period.strong for period in self.periods)


def examine(bins: dict[str, Any], periods: tuple[Counts, Counts]) -> list[Finding]:
    """Compare the features and the prediction with the reference; farthest first."""
    described = {
        name: (its_bins, bins["rows"]) for name, its_bins in bins["features"].items()
    }
    described[PREDICTION] = (bins["prediction"], bins["prediction"]["rows"])
    findings = []
    for name, (its_bins, rows) in described.items():
        names = reference.bin_names(its_bins)
        seen = [period.get(name, {}) for period in periods]
        counts = [[round(each.get(key, 0)) for key in names] for each in seen]
        both = [sum(pair) for pair in zip(*counts)]
        overall = psi.compare(its_bins, both, rows)
        if any(set(each) - set(names) for each in seen):
            # Another version, with other bins, was served in the same time.
            overall = psi.Shift(0, overall.needed)
        findings.append(
            Finding(
                name,
                overall,
                tuple(psi.compare(its_bins, count, rows) for count in counts),
                psi.largest_moves(its_bins, both) if sum(both) else [],
            )
        )
    significant = psi.discoveries([finding.overall.p_value for finding in findings])
    findings = [
        replace(finding, significant=is_significant)
        for finding, is_significant in zip(findings, significant)
    ]
    return sorted(findings, key=lambda finding: -(finding.overall.psi or 0))


def decide(findings: list[Finding]) -> tuple[str, str]:
    """Return the verdict and the sentence that gives the reason."""
    known = [finding for finding in findings if finding.overall.psi is not None]
    if not known:
        most = max(findings, key=lambda finding: finding.overall.rows).overall
        return "insufficient_data", (
            f"{most.rows} values were seen, at least {most.needed} are needed"
        )
    features = [finding for finding in known if finding.name != PREDICTION]
    half = max(len(features) / 2, 1)

    def names(wanted: list[Finding]) -> str:
        listed = ", ".join(finding.label for finding in wanted[:5])
        return listed + (" and more" if len(wanted) > 5 else "")

    drifted = [finding for finding in known if finding.drifted]
    strong = [finding for finding in known if finding.strong]
    lasting = [finding for finding in known if finding.lasting]
    of_features = sum(finding.name != PREDICTION for finding in drifted)
    if any(finding.name == PREDICTION for finding in lasting) or (
        len(lasting) >= max(half, 2)
    ):
        return "P0", f"far from the training data in both periods: {names(lasting)}"
    if strong:
        return "P1", f"far from the training data: {names(strong)}"
    if of_features >= max(half, 2):
        return "P1", f"half of the features have moved: {names(drifted)}"
    if drifted:
        return "P2", f"moved away from the training data: {names(drifted)}"
    untold = [finding for finding in findings if finding.overall.psi is None]
    if len(untold) > len(findings) / 2:
        return "insufficient_data", (
            "too few values were seen, or learnt from, to tell of most columns: "
            f"{names(untold)}"
        )
    also = f"; too few values to tell of {names(untold)}" if untold else ""
    return "none", f"what is asked is like what was trained on{also}"


def report(
    findings: list[Finding], about: dict[str, Any], source: dict[str, Any]
) -> dict[str, Any]:
    """Return everything that was found, as JSON; the features by how far they moved."""
    verdict, reason = decide(findings)
    said = {finding.name: _say(finding) for finding in findings}
    return {
        **about,
        "source": source,
        "examined_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "verdict": verdict,
        "reason": reason,
        "measure": "population stability index, no bin below 1e-4",
        "prediction": said.pop(PREDICTION),
        "features": [{"name": name, **rest} for name, rest in said.items()],
    }


def _say(finding: Finding) -> dict[str, Any]:
    return {
        "rows": finding.overall.rows,
        "rows_needed": finding.overall.needed,
        "psi": finding.overall.psi,
        "limit": finding.overall.limit,
        "p_value": finding.overall.p_value,
        "drifted": finding.drifted,
        "strong": finding.strong,
        "lasting": finding.lasting,
        "psi_of_periods": [period.psi for period in finding.periods],
        "largest_moves": finding.moves,
    }


def summary(made: dict[str, Any]) -> str:
    """Return the report as Markdown for the page of the workflow run."""
    lines = [
        f"### Drift of {_plain(made['name'])} v{made['version']}: {made['verdict']}",
        "",
        f"{LEVELS[made['verdict']]}: {_plain(made['reason'])}.",
        "",
        "| | values | PSI | limit | largest move |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = [{"name": "the predictions", **made["prediction"]}, *made["features"]]
    for row in rows[:21]:
        index = "too few" if row["psi"] is None else f"{row['psi']:.3f}"
        limit = "" if row["limit"] is None else f"{row['limit']:.3f}"
        moves = [
            f"{_plain(move['bin'])}: {move['reference']:.0%} → {move['now']:.0%}"
            for move in row["largest_moves"][:1]
        ]
        name = f"**{_plain(row['name'])}**" if row["drifted"] else _plain(row["name"])
        lines.append(
            f"| {name} | {row['rows']} | {index} | {limit} | {''.join(moves)} |"
        )
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Let a name be a name in Markdown, whatever it is made of."""
    return "".join(
        sign if sign.isalnum() or sign in " ,()-" else f"&#{ord(sign)};"
        for sign in text
    )
