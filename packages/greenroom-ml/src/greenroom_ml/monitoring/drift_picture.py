"""A picture of the features that have moved the most: `drift.png`."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

PANELS = 6
MAX_LABEL = 24


def draw(made: dict[str, Any]) -> Figure:
    """Draw the shares in training and now of the predictions and of five features."""
    rows = [{"name": "(predictions)", **made["prediction"]}, *made["features"]]
    shown = [row for row in rows if row["observations"]][:PANELS] or rows[:1]
    figure = Figure(figsize=(6.4, 2.2 * len(shown)), layout="constrained")
    panels = figure.subplots(len(shown), squeeze=False)[:, 0]
    for axes, row in zip(panels, shown):
        bins = row["bins"]
        places = range(len(bins["names"]))
        axes.bar([at - 0.2 for at in places], bins["reference"], 0.4, label="training")
        axes.bar([at + 0.2 for at in places], bins["now"], 0.4, label="now")
        psi = "too few values" if row["psi"] is None else f"PSI {row['psi']:.3f}"
        axes.set_title(f"{_label(row['name'])}: {row['level']}, {psi}", fontsize=9)
        axes.set_xticks(list(places), [_label(name) for name in bins["names"]])
        axes.tick_params(labelsize=6)
        axes.tick_params(axis="x", labelrotation=30)
        # A name is no formula.
        for text in (axes.title, *axes.get_xticklabels()):
            text.set_parse_math(False)
    panels[0].legend(fontsize=7)
    return figure


def _label(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= MAX_LABEL else f"{plain[: MAX_LABEL - 1]}…"
