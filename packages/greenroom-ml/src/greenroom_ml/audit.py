"""Holds what pip-audit found against the policy of vulnerabilities.toml.

pip-audit knows no severities: they come from OSV, which has those of GitHub's
advisories. One that has none there is shown and stops nothing; neither does a service
that does not answer, since no change of the repository could mend that.
https://ossf.github.io/osv-schema/
"""

from __future__ import annotations

import datetime
import http.client
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.github.summary import add_summary, code
from greenroom_ml.policy import FILE, SEVERITIES, Policy, read_policy

FOUND = Path("reports", "pip-audit.json")
OSV = "https://api.osv.dev/v1"
TIMEOUT = 20
MAX_ANSWER = 5_000_000
UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Vulnerability:
    """A known vulnerability of a locked library."""

    library: str
    version: str
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a line."""
        fix = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fix"
        return f"{self.library} {self.version} {self.ids[0]} ({fix})"


def read_found(path: Path) -> list[Vulnerability]:
    """Return what pip-audit wrote as JSON."""
    try:
        libraries = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
        return [
            Vulnerability(
                library["name"],
                library["version"],
                (each["id"], *each.get("aliases", [])),
                tuple(each.get("fix_versions", [])),
            )
            for library in libraries
            for each in library.get("vulns", [])
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipelineError(f"{path} is not what pip-audit writes: {error}") from error


def severity_of(ids: Iterable[str], url: str) -> str:
    """Ask OSV for the severity of a vulnerability by its ids; UNKNOWN: it has none."""
    # Those of GitHub's advisories are rated by people.
    for name in sorted(ids, key=lambda each: not each.startswith("GHSA-")):
        if not re.fullmatch(r"[\w.-]{1,80}", name):
            continue
        try:
            with urllib.request.urlopen(
                f"{url}/vulns/{name}", timeout=TIMEOUT
            ) as response:
                found: Any = json.loads(response.read(MAX_ANSWER))
        except (OSError, http.client.HTTPException, ValueError):
            continue
        details = found.get("database_specific") if isinstance(found, dict) else None
        rated = details.get("severity") if isinstance(details, dict) else None
        rated = {"MODERATE": "MEDIUM"}.get(str(rated).upper(), str(rated).upper())
        if rated in SEVERITIES:
            return rated
    return UNKNOWN


def audit(
    found: Iterable[Vulnerability],
    policy: Policy,
    rate: Callable[[tuple[str, ...]], str],
) -> tuple[list[str], list[str]]:
    """Return what stops the pipeline and what is only shown, a line each."""
    accepted = {each.id for each in policy.accepted}
    expired = {each.id: each.until for each in policy.expired}
    stops, shown = [], []
    for each in found:
        severity = rate(each.ids)
        line = f"{severity} {each}"
        if accepted & set(each.ids):
            shown.append(f"{line}: accepted")
            continue
        for name in expired.keys() & set(each.ids):
            line += f": was accepted until {expired[name]}"
        counts = severity in policy.severities
        has_fix = bool(each.fixed_in) or not policy.fixed_only
        (stops if counts and has_fix else shown).append(line)
    return stops, shown


def main() -> None:
    """Judge reports/pip-audit.json; raise GateFailed for what the policy forbids."""
    policy = read_policy(FILE, datetime.date.today())
    if not FOUND.is_file():
        sentence = "pip-audit could not look: its output above says why"
        add_summary(f"Libraries: {sentence}.\n")
        print(f"::warning::{sentence}")
        return
    url = os.environ.get("OSV_URL", OSV).rstrip("/")
    stops, shown = audit(read_found(FOUND), policy, lambda ids: severity_of(ids, url))
    for line in (*stops, *shown):
        print(line)
    lines = "".join(f"- {code(line)}\n" for line in (*stops, *shown)[:100])
    add_summary(
        f"Libraries: {len(stops)} vulnerabilities stop the pipeline, {len(shown)} are "
        f"only shown.\n\n{lines}"
    )
    if stops:
        raise GateFailed(
            f"{len(stops)} known vulnerabilities of {policy.severity} or above: "
            f"{'; '.join(stops[:5])}. Take the newer version (make lock), or accept it "
            f"for a time in {FILE}"
        )
