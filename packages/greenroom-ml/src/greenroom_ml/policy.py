"""Which known vulnerabilities stop the pipeline: .github/vulnerabilities.toml.

One file says it for pip-audit, Snyk and Trivy; `greenroom-ml policy` writes it in the
words of the last two. Only the standard library: jobs that scan install nothing.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenroom_ml.errors import PipelineError
from greenroom_ml.github.summary import set_output

FILE = Path(".github", "vulnerabilities.toml")
REPORTS = Path("reports")
# In their order; GitHub's advisories say moderate.
SEVERITIES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
MAX_DAYS = 366


@dataclass(frozen=True)
class Accepted:
    """A vulnerability that a person has accepted, until the end of a day."""

    id: str
    until: datetime.date
    reason: str
    by: str


@dataclass(frozen=True)
class Policy:
    """What stops the pipeline: `severity` and above, with `fixed_only` if it is mended.

    `accepted` holds what has not expired, `expired` what has.
    """

    severity: str
    fixed_only: bool
    accepted: tuple[Accepted, ...]
    expired: tuple[Accepted, ...]

    @property
    def severities(self) -> tuple[str, ...]:
        """The severities that count."""
        return SEVERITIES[SEVERITIES.index(self.severity) :]


def read_policy(path: Path, today: datetime.date) -> Policy:
    """Return the policy; raise PipelineError naming the field that is wrong."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PipelineError(f"{path} cannot be read: {error}") from error
    unknown = content.keys() - {"severity", "fixed_only", "accepted"}
    if unknown:
        raise PipelineError(f"{path}: {', '.join(sorted(unknown))} is not known here")
    severity, fixed_only = content.get("severity"), content.get("fixed_only")
    if severity not in SEVERITIES:
        raise PipelineError(f"{path}: severity must be one of {', '.join(SEVERITIES)}")
    if not isinstance(fixed_only, bool):
        raise PipelineError(f"{path}: fixed_only must be true or false")
    entries = content.get("accepted", [])
    if not isinstance(entries, list):
        raise PipelineError(f"{path}: accepted must be written as [[accepted]]")
    accepted = [_accepted(path, entry, today) for entry in entries]
    return Policy(
        severity,
        fixed_only,
        tuple(entry for entry in accepted if entry.until >= today),
        tuple(entry for entry in accepted if entry.until < today),
    )


def _accepted(path: Path, entry: Any, today: datetime.date) -> Accepted:
    where = f"{path}: accepted"
    if not isinstance(entry, dict) or entry.keys() != {"id", "until", "reason", "by"}:
        raise PipelineError(f"{where}: each needs id, until, reason and by")
    name = entry["id"]
    if not isinstance(name, str) or not re.fullmatch(r"[A-Z]+-[\w-]{1,60}", name):
        raise PipelineError(f"{where}: {name!r} is no id such as CVE-2026-12345")
    until = entry["until"]
    if type(until) is not datetime.date:
        raise PipelineError(f"{where} {name}: until must be a date such as 2026-12-31")
    if (until - today).days > MAX_DAYS:
        raise PipelineError(f"{where} {name}: until is more than a year away")
    for key in ("reason", "by"):
        value = entry[key]
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            raise PipelineError(f"{where} {name}: {key} must be a line of text")
    return Accepted(name, until, entry["reason"], entry["by"])


def trivy_ignore(policy: Policy) -> str:
    """Return what Trivy calls .trivyignore."""
    return "".join(
        f"# {each.reason} ({each.by})\n{each.id} exp:{each.until}\n"
        for each in policy.accepted
    )


def snyk_policy(policy: Policy) -> str:
    """Return what Snyk calls .snyk, which is YAML, of which JSON is a part."""
    ignored: Mapping[str, Any] = {
        each.id: [
            {
                "*": {
                    "reason": f"{each.reason} ({each.by})",
                    "expires": f"{each.until}T23:59:59.000Z",
                }
            }
        ]
        for each in policy.accepted
    }
    content = {"version": "v1.25.0", "ignore": ignored, "patch": {}}
    return json.dumps(content, indent=2) + "\n"


def snyk_options(policy: Policy) -> str:
    """Return the options of `snyk test`."""
    options = f"--severity-threshold={policy.severity.lower()}"
    return f"{options} --fail-on=upgradable" if policy.fixed_only else options


def main() -> None:
    """Write the policy as the scanners read it, and tell the steps that follow."""
    policy = read_policy(FILE, datetime.date.today())
    REPORTS.mkdir(exist_ok=True)
    for name, text in {
        ".trivyignore": trivy_ignore(policy),
        ".snyk": snyk_policy(policy),
        "snyk.options": snyk_options(policy) + "\n",
    }.items():
        (REPORTS / name).write_text(text, encoding="utf-8")
    set_output("severity", ",".join(policy.severities))
    set_output("ignore-unfixed", str(policy.fixed_only).lower())
    with_fix = " that has a fix" if policy.fixed_only else ""
    print(f"{policy.severity} and above{with_fix} stops the pipeline.")
    for each in policy.accepted:
        print(f"Accepted until {each.until}: {each.id}, {each.reason} ({each.by}).")
    for each in policy.expired:
        print(f"No longer accepted, since {each.until}: {each.id}.")
