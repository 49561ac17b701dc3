"""Opens or updates the issue about drift, if the report of `make drift` calls for one.

Only the verdicts P0 and P1 do. There is one issue at a time; a newer report takes the
place of the older one. Names of columns are hostile text, and shown as code. The bars
are text, which any tracker shows; GitHub draws the chart.
"""

from __future__ import annotations

import json
import os
import re
import urllib.request
from pathlib import Path
from typing import Any

REPORT = Path("reports/drift.json")
# Of the report that this reads.
SCHEMA_VERSION = 1
LABEL = "drift"
MARKER = "<!-- drift -->"
MAX_ROWS = 20
INPUTS = ("requests", "confidence", "latency", "accuracy")
MAX_ANSWER_BYTES = 20_000_000
# Of the pictures, and of one: bins, width of a bar, signs of a bin's name and a label.
MAX_PICTURES, MAX_BINS, BAR, MAX_BIN, MAX_LABEL = 5, 12, 12, 60, 16
EIGHTHS = " ▏▎▍▌▋▊▉"
INTERVAL = re.compile(r"\((-inf|[-+.e\d]{1,30}), (inf|[-+.e\d]{1,30})([\])])")


def call(method: str, path: str, body: Any = None) -> Any:
    """Ask GitHub's REST API about this repository."""
    url = (
        f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}{path}"
    )
    request = urllib.request.Request(
        url, method=method, data=None if body is None else json.dumps(body).encode()
    )
    request.add_header("Accept", "application/vnd.github+json")
    request.add_header("X-GitHub-Api-Version", "2022-11-28")
    token = os.environ["GITHUB_TOKEN"]
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=60) as response:  # nosec B310
        return json.loads(response.read(MAX_ANSWER_BYTES))


def figure(value: float | None, how: str) -> str:
    """Return a number as it is shown; nothing where there is none."""
    return "" if value is None else format(float(value), how)


def visible(text: str, limit: int) -> str:
    """Return text in visible characters, and not too many."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def code(text: str, limit: int = 100) -> str:
    """Return text as inline code of Markdown, in visible characters."""
    return "`" + visible(text, limit).replace("`", "'").replace("|", "/") + "`"


def fence(lines: list[str], language: str = "text") -> list[str]:
    """Return lines as a block of code that none of them ends."""
    ticks = [len(run) for line in lines for run in re.findall("`+", line)]
    mark = "`" * (max([2, *ticks]) + 1)
    return [f"{mark}{language}", *lines, mark, ""]


def short_names(names: list[str]) -> list[str]:
    """Return the intervals in as few digits as tell their edges apart."""
    cut = [INTERVAL.fullmatch(name) for name in names]
    edges = {edge for each in cut if each for edge in each.group(1, 2)}
    for digits in range(3, 10):
        cut_off = {edge: float(f"{float(edge):.{digits}g}") for edge in edges}
        short = {edge: f"{value:.10g}" for edge, value in cut_off.items()}
        if len(set(short.values())) == len(edges):
            return [
                f"({short[each[1]]}, {short[each[2]]}{each[3]}" if each else name
                for each, name in zip(cut, names)
            ]
    return names


def bar(share: float, longest: float) -> str:
    """Return a bar in eighths of a character; what is not nothing is seen."""
    eighths = max(1, round(share / longest * BAR * 8)) if share > 0 else 0
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()).ljust(BAR)


def percent(share: float) -> str:
    """Return a share as a percentage of one width."""
    return ("<0.1 %" if 0 < share < 0.0005 else f"{share * 100:.1f} %").rjust(7)


def table(row: dict[str, Any]) -> list[str]:
    """Return the shares of the bins side by side, the most moved of very many.

    The names stand last: they may be as wide as they like, and begin no line.
    """
    bins, names = row["bins"], row["bins"]["names"]
    if row["kind"] == "number":
        names = short_names(names)
    # A bin that nobody was ever in says nothing.
    named = zip(names, bins["reference"], bins["now"])
    shown = [each for each in named if any(each[1:])]
    if len(shown) > MAX_BINS:
        by_move = sorted(shown, key=lambda each: -abs(each[2] - each[1]))
        kept, rest = by_move[: MAX_BINS - 1], by_move[MAX_BINS - 1 :]
        sums = [sum(each[at] for each in rest) for at in (1, 2)]
        shown = [each for each in shown if each in kept]
        shown.append((f"{len(rest)} more bins", *sums))
    longest = max((share for each in shown for share in each[1:]), default=1)
    lines = [f"{'training':20} {'now':20} | bin"]
    for name, *shares in shown:
        cells = [f"{percent(share)} {bar(share, longest)}" for share in shares]
        lines.append(f"{' '.join(cells)} | {visible(name, MAX_BIN)}")
    return lines


def chart(rows: list[dict[str, Any]]) -> list[str]:
    """Return how far each has moved as a chart of mermaid, which escapes nothing."""
    labels = []
    for at, row in enumerate(rows, start=1):
        plain = re.sub(r"[^\w.-]", " ", visible(row["name"], 100))
        labels.append(f'"{visible(" ".join([str(at), *plain.split()]), MAX_LABEL)}"')
    figures = [max(0.0, row["psi"]) for row in rows]
    return fence(
        [
            "xychart-beta",
            '    title "Population stability index"',
            f"    x-axis [{', '.join(labels)}]",
            f'    y-axis "PSI" 0 --> {max(0.3, max(figures) * 1.1):.2f}',
            f"    bar [{', '.join(f'{each:.3f}' for each in figures)}]",
        ],
        "mermaid",
    )


def pictures(rows: list[dict[str, Any]]) -> list[str]:
    """Return how those that moved the most were in training, beside now."""
    known = [row for row in rows if row["psi"] is not None]
    shown = ([row for row in known if row["drifted"]] or known)[:MAX_PICTURES]
    if not shown:
        return []
    effect = "Effect as population stability index: 0.1 is moderate, 0.25 strong."
    lines = ["### In training and now", "", effect, "", *chart(shown)]
    for at, row in enumerate(shown, start=1):
        trained, now = row.get("reference_observations"), int(row["observations"])
        before = "" if trained is None else f"{int(trained):,} rows in training, "
        lines += [f"{at}: {code(row['name'])}, {before}{now:,} rows now", ""]
        lines += fence(table(row))
    return lines


def render(report: dict[str, Any]) -> str:
    """Return the issue's text."""
    run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    model = report["model"]
    lines = [
        MARKER,
        f"{code(model['name'])} version {int(model['version'])}: "
        f"{code(report['reason'], 600)}",
        "",
        "| | values | PSI | shift in σ | q | since |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows = [{"name": "(predictions)", **report["prediction"]}, *report["features"]]
    for row in rows[:MAX_ROWS]:
        name = code(row["name"]) + (" **drifted**" if row["drifted"] else "")
        figures = [
            figure(row["psi"], ".3f"),
            figure(row["shift"], "+.2f"),
            figure(row["q"], ".1e"),
            code(row["since"][:10]) if row["since"] else "",
        ]
        lines.append(f"| {name} | {int(row['observations'])} | {' | '.join(figures)} |")
    rests = report["inputs"]
    accuracy = rests["accuracy"]
    lines += [
        "",
        "Rests on "
        + ", ".join(f"{int(rests[name]['observations'])} {name}" for name in INPUTS)
        + f"; accuracy {figure(accuracy.get('value'), '.3f') or 'unknown'}, "
        f"in training {figure(accuracy.get('reference'), '.3f') or 'unknown'}.",
        "",
        *pictures(rows),
        f"From [this run]({run.format_map(os.environ)}), which has the whole report.",
        "To learn from newer data: Actions → Retrain. Close this when it is done.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Open or update the issue, or do nothing."""
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    if report.get("schema_version") != SCHEMA_VERSION:
        raise SystemExit(f"{REPORT} is not of schema_version {SCHEMA_VERSION}")
    verdict = report["verdict"]
    if verdict not in ("P0", "P1"):
        print(f"Verdict {verdict}: no issue is needed.")
        return
    wanted = {"title": f"{verdict}: drift", "body": render(report), "labels": [LABEL]}
    issues = call("GET", f"/issues?state=open&per_page=100&labels={LABEL}")
    known = [issue for issue in issues if (issue["body"] or "").startswith(MARKER)]
    if known:
        issue = call("PATCH", f"/issues/{known[0]['number']}", wanted)
    else:
        issue = call("POST", "/issues", wanted)
    print(f"Issue {issue['html_url']}")


if __name__ == "__main__":
    main()
