"""Opens or updates the issue about drift, if the report of `make drift` calls for one.

Only the verdicts P0 and P1 do. There is one issue at a time; a newer report takes the
place of the older one. Names of columns are hostile text, and shown as code.
"""

from __future__ import annotations

import json
import os
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


def code(text: str, limit: int = 100) -> str:
    """Return text as inline code of Markdown, in visible characters."""
    text = "".join(c if c.isprintable() else " " for c in text)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return "`" + text.replace("`", "'").replace("|", "/") + "`"


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
