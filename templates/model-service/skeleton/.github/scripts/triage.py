"""Reports a failed pipeline as an issue; needs Python only.

`report` reads jobs and logs of FAILED_RUN_ID and writes triage.json. `post` opens the
issue of that failure, or updates it. All text of the run is hostile: it is cut, cleared
of control characters and shown as code, so that it can neither format nor mention.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

REPORT = Path("triage.json")
LABEL = "pipeline-failure"
MARK = "##[error]"
# Says nothing by itself.
EXIT_CODE = "Process completed with exit code"
MAX_ERRORS = 10
MAX_LINE = 500
MAX_LOG_BYTES = 20_000_000
MAX_RUNS_LISTED = 20
ENDINGS = ("failure", "timed_out", "startup_failure")


def call(method: str, path: str, body: Any = None, raw: bool = False) -> Any:
    """Ask GitHub's REST API about this repository."""
    url = (
        f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}{path}"
    )
    request = urllib.request.Request(
        url, method=method, data=None if body is None else json.dumps(body).encode()
    )
    request.add_header("Accept", "application/vnd.github+json")
    request.add_header("X-GitHub-Api-Version", "2022-11-28")
    # Logs are redirected to storage, which must not see the token.
    token = os.environ["GITHUB_TOKEN"]
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=60) as response:  # nosec B310
        content = response.read(MAX_LOG_BYTES)
    return content.decode("utf-8", "replace") if raw else json.loads(content)


def plain(text: str, limit: int = MAX_LINE) -> str:
    """Return one line of visible characters."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def code(text: str) -> str:
    """Return text as inline code of Markdown."""
    return "`" + plain(text, 100).replace("`", "'").replace("|", "/") + "`"


def block(lines: list[str]) -> str:
    """Return lines as a block of code that they cannot end."""
    longest = max((len(m) for m in re.findall("`+", "\n".join(lines))), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([fence + "text", *lines, fence])


def last_errors(log: str) -> list[str]:
    """Return what GitHub marks as errors; else what was said before the step ended."""
    lines = [
        re.sub(r"^\ufeff?\d{4}-\d\d-\d\dT\S+Z ?", "", line) for line in log.split("\n")
    ]
    marks = [index for index, line in enumerate(lines) if line.startswith(MARK)]
    errors = [lines[index][len(MARK) :] for index in marks]
    telling = [error for error in errors if not error.startswith(EXIT_CODE)]
    if not telling:
        before = lines[: marks[-1]] if marks else lines
        telling = [
            line for line in before if line.strip() and not line.startswith("make")
        ]
    return [plain(line) for line in telling[-MAX_ERRORS:]]


def signature(job: str, step: str, errors: list[str]) -> str:
    """Return the same short text for the same failure of another run."""
    named = [
        line
        for line in errors
        if re.search("error|exception|fail", line, re.IGNORECASE)
    ]
    last = (named or errors or [""])[-1].lower()
    # Figures, digests and rulers differ from run to run.
    kept = re.sub(r"\b[0-9a-f]*\d\w*|[\W_]+", " ", last).split()
    return hashlib.sha256(f"{job}\0{step}\0{' '.join(kept)}".encode()).hexdigest()[:12]


def report() -> None:
    """Write down the first failure of a run."""
    run_id = int(os.environ["FAILED_RUN_ID"])
    attempt = int(os.environ["FAILED_RUN_ATTEMPT"])
    run = call("GET", f"/actions/runs/{run_id}")
    jobs = call("GET", f"/actions/runs/{run_id}/attempts/{attempt}/jobs?per_page=100")[
        "jobs"
    ]
    failed = [job for job in jobs if job["conclusion"] in ENDINGS]
    # The final check fails with any other job and says nothing of its own.
    failed.sort(
        key=lambda job: (job["name"].endswith("CI passed"), job["completed_at"] or "")
    )
    if not failed:
        sys.exit("No job of the run has failed.")
    job = failed[0]
    steps = [step["name"] for step in job["steps"] if step["conclusion"] in ENDINGS]
    try:
        errors = last_errors(call("GET", f"/actions/jobs/{job['id']}/logs", raw=True))
    except urllib.error.HTTPError as error:
        errors = [f"The log cannot be read: HTTP {error.code}"]
    step = steps[0] if steps else ""
    REPORT.write_text(
        json.dumps(
            {
                "signature": signature(job["name"].rpartition(" / ")[2], step, errors),
                "job": job["name"],
                "job_url": job["html_url"],
                "others": [other["name"] for other in failed[1:]],
                "step": step,
                "errors": errors,
                "run_number": run["run_number"],
                "run_url": run["html_url"],
                "attempt": attempt,
                "commit": run["head_sha"],
            }
        ),
        encoding="utf-8",
    )
    print(REPORT.read_text(encoding="utf-8"))


def render(found: dict[str, Any], runs: list[str]) -> str:
    """Return the issue's text; runs are lines, the newest first."""
    where = f"[{plain(found['job'], 100).translate(ESCAPES)}]({found['job_url']})"
    step = f", step {code(found['step'])}" if found["step"] else ""
    others = ", ".join(
        code(name) for name in found["others"] if "CI passed" not in name
    )
    return "\n".join(
        [
            f"<!-- {marker(found['signature'])} -->",
            f"Failed: {where}{step}.",
            *([f"Failed as well: {others}."] if others else []),
            "",
            block(found["errors"]),
            "",
            "Runs that ended like this, the newest first:",
            "",
            *runs[:MAX_RUNS_LISTED],
            "",
            "Opened by `.github/workflows/triage.yml`. Close it when that is mended.",
        ]
    )


ESCAPES = {ord(c): f"\\{c}" for c in r"\`*_[]<>|~@#"}


def marker(value: str) -> str:
    """Return what finds the issue of a failure again."""
    return f"pipeline-failure: {value}"


def post() -> None:
    """Open the issue of the failure, or note this run in it."""
    found = json.loads(REPORT.read_text(encoding="utf-8"))
    line = (
        f"- [run {int(found['run_number'])}, attempt {int(found['attempt'])}]"
        f"({found['run_url']}) of {found['commit']}"
    )
    issues = call("GET", f"/issues?state=open&per_page=100&labels={LABEL}")
    wanted = f"<!-- {marker(found['signature'])} -->"
    known = [i for i in issues if (i["body"] or "").startswith(wanted)]
    if known:
        issue = known[0]
        runs = [
            part for part in issue["body"].split("\n") if part.startswith("- [run ")
        ]
        # A job that is run again must not be noted twice.
        if line not in runs:
            body = render(found, [line, *runs])
            call("PATCH", f"/issues/{issue['number']}", {"body": body})
    else:
        title = f"Pipeline fails in {plain(found['job'], 60)}"
        if found["step"]:
            title += f": {plain(found['step'], 60)}"
        body = {"title": title, "body": render(found, [line]), "labels": [LABEL]}
        issue = call("POST", "/issues", body)
    print(f"Issue {issue['html_url']}")


if __name__ == "__main__":
    {"report": report, "post": post}[sys.argv[1]]()
