"""Opens or updates the issue about drift, if the report of `make drift` calls for one.

Only the verdicts P0 and P1 do. There is one issue at a time; a newer report takes the
place of the older one. Names of columns are hostile text, and shown as code.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from triage import call, code

REPORT = Path("reports/drift.json")
LABEL = "drift"
MARKER = "<!-- drift -->"
MAX_ROWS = 20


def render(report: dict[str, Any]) -> str:
    """Return the issue's text."""
    run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    version = f"{code(report['name'])} version {int(report['version'])}"
    lines = [
        MARKER,
        f"{version}: {code(report['reason'])}",
        "",
        "| | values | PSI | limit |",
        "| --- | --- | --- | --- |",
    ]
    rows = [{"name": "(predictions)", **report["prediction"]}, *report["features"]]
    for row in rows[:MAX_ROWS]:
        figures = (row["psi"], row["limit"])
        psi, limit = ("" if each is None else f"{each:.3f}" for each in figures)
        name = code(row["name"]) + (" **drifted**" if row["drifted"] else "")
        lines.append(f"| {name} | {int(row['rows'])} | {psi} | {limit} |")
    lines += [
        "",
        f"From [this run]({run.format_map(os.environ)}), which has the whole report.",
        "To learn from newer data: Actions → Retrain. Close this when it is done.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Open or update the issue, or do nothing."""
    report = json.loads(REPORT.read_text(encoding="utf-8"))
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
