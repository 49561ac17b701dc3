"""Reports a failed pipeline as an issue; needs Python only.

`report` reads jobs and logs of FAILED_RUN_ID and writes triage.json. `post` opens the
issue of that failure, or updates it. All text of the run is hostile: it is cut, cleared
of control characters and shown as code, so that it can neither format nor mention.
GitHub masks the secrets that it knows, in the form that it knows; an issue is read by
more people than a log, so what looks like a secret is taken out too, and a line is left
out rather than shown in doubt. The issue links to the log, which has all of it.
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
STAMP = r"^\ufeff?\d{4}-\d\d-\d\dT\S+Z ?"
# Says nothing by itself.
EXIT_CODE = "Process completed with exit code"
MAX_ERRORS = 10
MAX_LINE = 500
# Of the end of a log, where the error stands.
MAX_LOG_BYTES = 2_000_000
MAX_ANSWER_BYTES = 20_000_000
# Of a line that is searched for secrets; a longer one is left out.
MAX_SEARCHED = 10_000
LEFT_OUT = "(a line that may hold a secret is in the log only)"
MAX_RUNS_LISTED = 20
ENDINGS = ("failure", "timed_out", "startup_failure")


def call(method: str, path: str, body: Any = None) -> Any:
    """Ask GitHub's REST API about this repository."""
    request = _request(method, path, body)
    with urllib.request.urlopen(request, timeout=60) as response:  # nosec B310
        return json.loads(response.read(MAX_ANSWER_BYTES))


def _request(method: str, path: str, body: Any = None) -> urllib.request.Request:
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
    return request


def end_of_log(path: str) -> str:
    """Return the last lines of a log, however long it is.

    The storage may send the end only (RFC 9110, section 14); else all of it is read,
    and its end kept.
    """
    request = _request("GET", path)
    request.add_header("Range", f"bytes=-{MAX_LOG_BYTES}")
    end, cut = b"", False
    with urllib.request.urlopen(request, timeout=60) as response:  # nosec B310
        whole = "/" + str(response.headers.get("Content-Length", ""))
        sent = response.headers.get("Content-Range", "")
        cut = response.status == 206 and not sent.endswith(whole)
        while part := response.read(1_000_000):
            cut = cut or len(end) + len(part) > MAX_LOG_BYTES
            end = (end + part)[-MAX_LOG_BYTES:]
    text = end.decode("utf-8", "replace")
    # The first line has no beginning, where a name may have stood before its secret.
    return text.partition("\n")[2] if cut else text


def plain(text: str, limit: int = MAX_LINE) -> str:
    """Return one line of visible characters."""
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


def clean(line: str) -> str:
    """Return a line without colours, and without characters that nobody can see."""
    line = re.sub(r"\x1b\[[0-9;:?]{0,40}[ -/]{0,4}[@-~]|\x1b.?", "", line)
    return "".join(c for c in line if c.isprintable() or c == "\t")


TELLING = (
    r"(?:passw(?:or)?d|passphrase|passcode|pwd|pass|pw|secret|token|credentials?|auth"
    r"|(?:api|access|account|private|auth|signing|encryption|master)[_. -]?key"
    r"|[_-]key|sig|signature|session|cookie|dsn)"
)
# Each takes what is secret and keeps what says where it stood.
SECRETS = [
    # What stands before the host in an address; a database's password may hold a slash.
    (r"(://)[^\s/\"'<>]{1,512}@", r"\1***@"),
    (
        r"((?:sql|mongodb|rediss?|amqps?|srv|psycopg2?)://)[^\s\"'<>]{1,512}@",
        r"\1***@",
    ),
    (r"(%3A%2F%2F)[^\s\"'<>]{1,2000}", r"\1***"),
    # Queries hold signatures and keys under many names.
    (r"(https?://[^\s?\"'<>]{1,2000}\?)[^\s\"'<>]{1,8000}", r"\1***"),
    # Headers, to the end of the line.
    (
        r"((?:authorization|cookie|private-token|x-[a-z-]{0,40}(?:key|token|secret))"
        r"[\"']?\s{0,3}[:=,]).{1,8000}",
        r"\1 ***",
    ),
    (r"\b(bearer|basic)(\s{1,3})[\w.~+/=-]{8,8000}", r"\1\2***"),
    # NAME=value, "name": "value", --name value.
    (
        TELLING
        + r"(?![a-rt-z])[\w-]{0,30}([\"'\]]{0,2}\s{0,3}(?::=|=>|[:=|]){1,2}\s{0,3})"
        # A count is none.
        r"(?!\d{1,9}(?!\w))"
        r"(?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^\s,;]{1,2000})",
        "***",
    ),
    (
        r"(?<!\S)--?[\w-]{0,40}" + TELLING + r"[\w-]{0,30}\s{1,3}\S{1,2000}",
        "***",
    ),
    # Arguments of curl, mysql and others that have no name.
    (r"(?<!\S)(-\w{0,8}u\s{0,3}[\"']?)[^\s:\"']{0,128}:\S{1,256}", r"\1***"),
    (
        r"(\b(?:mysql\w{0,8}|mariadb|sshpass|login|redis-cli)\b[^\n]{0,300}?\s-[pa]\s?)"
        r"\S{1,256}",
        r"\1***",
    ),
    # Tokens by the prefixes that vendors give them.
    (
        r"\b(?:gh[pousr]_|github_pat_|glpat-|hf_|sk-|sk_|rk_|xox[a-z]-|xapp-|npm_|pypi-"
        r"|dapi|AKIA|ASIA|AIza|ya29\.|hv[sbr]\.|dckr_|glsa_|glc_|SG\.|eyJ|gsk_|r8_"
        r"|nvapi-|lin_|\w{3}8Q~|shp\w{2}_|dop_v1_|sntry\w_|wandb_v1_|AGE-SECRET-KEY-)"
        r"[\w.+/=~-]{8,8000}",
        "***",
    ),
    (r"\b(mnemonic|(?:seed|recovery) phrase)[\"']?\s{0,3}[:=].{1,1000}", r"\1: ***"),
    (r"(?:[0-9a-f]{2}[ :]){15,2000}[0-9a-f]{2}", "***"),
]
PATTERNS = [(re.compile(what, re.IGNORECASE), by) for what, by in SECRETS]
RUN = re.compile(r"[A-Za-z0-9+/=_-]{16,}")
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}|\\[ux][0-9A-Fa-f]{2,4}|&#x?\w{1,6};")
NAME = re.compile(r"[\w.\]\"' -]{0,80}?(?:[:=|>]{1,2}\s{0,3}|(?<=\w)\s{1,3})")
PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def looks_drawn(run: str) -> bool:
    """Say whether letters and digits alternate as in no word, path or version."""
    pieces = [piece for piece in re.split(r"[/_=+-]", run) if len(piece) >= 16]
    return any(len(PIECE.findall(piece)) * 4 >= len(piece) for piece in pieces)


def without_secrets(line: str) -> str:
    """Return a line of a log without what may be a secret, or `LEFT_OUT`."""
    line = clean(line)
    if len(line) > MAX_SEARCHED:
        return LEFT_OUT
    for pattern, by in PATTERNS:
        line = pattern.sub(by if by != "***" else _only_name, line)
    line = RUN.sub(lambda run: "***" if looks_drawn(run[0]) else run[0], line)
    # Nobody can tell what it says.
    return LEFT_OUT if len(ENCODED.findall(line)) >= 8 else line


def _only_name(match: re.Match[str]) -> str:
    """Return what names a secret, without the secret."""
    name = NAME.match(match[0])
    return (name[0] if name else "") + "***"


def outside_of_keys(lines: list[str]) -> list[str]:
    """Leave out the lines of private keys, also of one whose head is not there."""
    kept, inside = [], False
    for line in lines:
        begin = "PRIVATE KEY" in line and "BEGIN" in line
        bare = clean(line).strip(" |>\t\"',\\")
        body = re.fullmatch(r"[A-Za-z0-9+/=]{40,}", bare) is not None
        rest = re.fullmatch(r"[A-Za-z0-9+/=]{0,76}|[\w-]{1,20}: .{0,80}", bare)
        inside = begin or (inside and "END" not in line and rest is not None)
        if inside or body or "PRIVATE KEY" in line:
            if not kept or kept[-1] != LEFT_OUT:
                kept.append(LEFT_OUT)
        else:
            kept.append(line)
    return kept


def last_errors(log: str) -> list[str]:
    """Return what GitHub marks as errors; else what was said before the step ended."""
    lines = outside_of_keys(
        [re.sub(STAMP, "", line, count=1) for line in log.split("\n")]
    )
    marks = [index for index, line in enumerate(lines) if line.startswith(MARK)]
    errors = [lines[index][len(MARK) :] for index in marks]
    telling = [error for error in errors if not error.startswith(EXIT_CODE)]
    if not telling:
        before = lines[: marks[-1]] if marks else lines
        telling = [
            line for line in before if line.strip() and not line.startswith("make")
        ]
    return [plain(without_secrets(line)) for line in telling[-MAX_ERRORS:]]


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
        errors = last_errors(end_of_log(f"/actions/jobs/{job['id']}/logs"))
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
            f"All of it: [the log]({found['job_url']}). "
            "What may be a secret is shown as `***`.",
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
