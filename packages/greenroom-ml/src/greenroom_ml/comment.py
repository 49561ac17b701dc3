"""Comments what the gate found on its pull request: one comment, kept up to date.

The job that trains runs the pull request's code and writes nothing to GitHub: it leaves
figures and sentences in reports/verdict.json. The job that comments has the right to,
runs the code of the branch that the pull request goes to, and takes that file for what
it is: text from a stranger. Only the standard library.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from greenroom_ml.errors import PipelineError
from greenroom_ml.github.job import Job
from greenroom_ml.github.verdict import render

VERDICT = Path("reports", "verdict.json")
MARKER = "<!-- greenroom-gate -->"
MAX_BYTES = 100_000
# GitHub's limit is 65,536 characters.
MAX_BODY = 20_000


def read_verdict(path: Path) -> dict[str, Any]:
    """Return what the gate left; raise PipelineError for what is no such file."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        found = json.loads(content) if len(content) <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise PipelineError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise PipelineError(f"{path} is not what the gate leaves")
    return found


def comment(job: Job, verdict: dict[str, Any]) -> str:
    """Write the comment, or renew the one that is there; return its address."""
    pull = job.pull_request
    head = str(pull.get("head", {}).get("sha", ""))[:10]
    body = (
        f"{MARKER}\n{render(verdict)}\n"
        f"Commit {head}, trained in [this run]({job.run_url}). Nothing is registered "
        "before it is merged.\n"
    )
    if len(body) > MAX_BODY:
        raise PipelineError("The gate's verdict is too long for a comment")
    for found in job.pages(f"issues/{pull['number']}/comments"):
        # A person may quote the marker; what a person wrote stays theirs.
        is_bot = found.get("user", {}).get("type") == "Bot"
        if is_bot and str(found.get("body", "")).startswith(MARKER):
            answer = job.patch(f"issues/comments/{found['id']}", {"body": body})
            return str(answer.get("html_url", ""))
    answer = job.post(f"issues/{pull['number']}/comments", {"body": body})
    return str(answer.get("html_url", ""))


def main() -> None:
    """Comment what reports/verdict.json holds."""
    print(f"Commented: {comment(Job(), read_verdict(VERDICT))}")
