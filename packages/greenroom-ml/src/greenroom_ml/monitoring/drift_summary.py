"""The report on drift as Markdown, for the page of the workflow run."""

from __future__ import annotations

from typing import Any

from greenroom_ml.monitoring.drift_verdict import LEVELS

MAX_ROWS = 21
MAX_NAME = 100


def summary(made: dict[str, Any]) -> str:
    """Return verdict, figures and what they rest on."""
    model = made["model"]
    lines = [
        f"### Drift of {_plain(model['name'])} v{model['version']}: {made['verdict']}",
        "",
        f"{LEVELS[made['verdict']]}: {_plain(made['reason'], 1000)}.",
        "",
        "| | values | PSI | limit | shift in σ | q | since | largest move |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows = [{"name": "the predictions", **made["prediction"]}, *made["features"]]
    lines += [_row(row) for row in rows[:MAX_ROWS]]
    rests = [f"{each['observations']} {name}" for name, each in made["inputs"].items()]
    lines += ["", f"Observations: {', '.join(rests)}."]
    return "\n".join(lines) + "\n"


def largest_move(bins: dict[str, list[Any]]) -> tuple[str, float, float]:
    """Return the bin whose share has changed the most, from what, and to what."""
    moves = list(zip(bins["names"], bins["reference"], bins["now"]))
    return max(moves, key=lambda move: abs(move[2] - move[1]))


def _row(row: dict[str, Any]) -> str:
    name = _plain(row["name"])
    move = ""
    if row["observations"]:
        bin_name, before, now = largest_move(row["bins"])
        move = f"{_plain(bin_name)}: {before:.0%} → {now:.0%}"
    cells = [
        f"**{name}**" if row["drifted"] else name,
        row["observations"],
        "too few" if row["psi"] is None else f"{row['psi']:.3f}",
        "" if row["psi_limit"] is None else f"{row['psi_limit']:.3f}",
        "" if row["shift"] is None else f"{row['shift']:+.2f}",
        "" if row["q"] is None else f"{row['q']:.2g}",
        (row["since"] or "")[:10],
        move,
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _plain(text: str, limit: int = MAX_NAME) -> str:
    """Let a name be a name in Markdown, whatever it is made of."""
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(
        sign if sign.isalnum() or sign in " ,()-" else f"&#{ord(sign)};"
        for sign in text
    )
