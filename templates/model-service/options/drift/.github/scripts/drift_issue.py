"""Opens or updates the issue about drift, if the report of `make drift` calls for one.

Only the priorities P0 and P1 do. There is one issue at a time; a newer report takes the
place of the older one.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from triage import call

REPORTS = Path("reports")
LABEL = "drift"
MARKER = "<!-- drift -->"
MAX_BODY = 60_000


def main() -> None:
    """Read reports/drift.json (priority) and reports/drift.md (for people)."""
    priority = json.loads((REPORTS / "drift.json").read_text(encoding="utf-8"))["priority"]
    if priority not in ("P0", "P1"):
        print(f"Priority {priority or 'none'}: no issue is needed.")
        return
    run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
    text = (REPORTS / "drift.md").read_text(encoding="utf-8")[:MAX_BODY]
    body = (
        f"{MARKER}\n{text}\n\nFrom [this run]({run.format_map(os.environ)}). To train again: "
        "Actions → Retrain. Close this when it is dealt with.\n"
    )
    title = f"{priority}: what the model is asked has drifted"
    issues = call("GET", f"/issues?state=open&per_page=100&labels={LABEL}")
    known = [issue for issue in issues if (issue["body"] or "").startswith(MARKER)]
    if known:
        path = f"/issues/{known[0]['number']}"
        issue = call("PATCH", path, {"title": title, "body": body})
    else:
        wanted = {"title": title, "body": body, "labels": [LABEL]}
        issue = call("POST", "/issues", wanted)
    print(f"Issue {issue['html_url']}")


if __name__ == "__main__":
    main()
