"""Holds a pull request that makes the gate easier together with changing the model.

Apart they are two decisions, each of which somebody reads; together the second hides
the first. It passes when a person has approved by the label `gate-lowered`: somebody
else than the author, who may write here (and whom CODEOWNERS names for config.yaml, if
it names people), after this commit was pushed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from greenroom_ml.config import LESS_IS_BETTER
from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.github.job import Job, NotFound
from greenroom_ml.github.paths import can_change_the_model, changed_paths
from greenroom_ml.github.summary import add_summary, code
from greenroom_ml.github.worktree import run_git

LABEL = "gate-lowered"
CONFIG = "config.yaml"
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
# What GitHub calls the roles that may push.
WRITERS = ("write", "maintain", "admin")
# More of these lets more models through; what they are where nothing is said.
LIMITS = {"max_model_mb": 100, "max_row_ms": 50}
# Of config.yaml, what decides how a model is judged; all else makes another model.
OF_THE_GATE = ("gate", "champion")


def loosened(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Say what a change of config.yaml makes easier for a model, a sentence each."""
    before, after = _section(old, "gate"), _section(new, "gate")
    found = []
    for key in ("metric", "direction"):
        if before.get(key) != after.get(key):
            found.append(f"gate.{key} is {after.get(key)!r}, was {before.get(key)!r}")
    minimize = (
        before.get("direction", "") == "minimize"
        or before.get("metric") in LESS_IS_BETTER
    )
    if _is_easier(before.get("threshold"), after.get("threshold"), more=minimize):
        found.append(
            f"gate.threshold is {after.get('threshold')}, was {before.get('threshold')}"
        )
    if before.get("when_unsure", "pass") == "fail" != after.get("when_unsure", "pass"):
        found.append("gate.when_unsure lets a model pass of which nobody can tell")
    for key, default in LIMITS.items():
        limit, limit_now = before.get(key, default), after.get(key, default)
        if _is_easier(limit, limit_now, more=True):
            found.append(f"gate.{key} is {limit_now}, was {limit}")
    hook = _section(old, "hooks").get("gate")
    if hook and hook != _section(new, "hooks").get("gate"):
        found.append(f"hooks.gate is no longer {hook}")
    rule, rule_now = _section(old, "champion"), _section(new, "champion")
    defaults = {"development": "automatic", "production": "pull-request"}
    for key, default in defaults.items():
        if rule.get(key, default) == "pull-request" != rule_now.get(key, default):
            found.append(f"champion.{key} needs no pull request any more")
    return found


def changes_the_model(
    old: dict[str, Any], new: dict[str, Any], paths: list[str]
) -> list[str]:
    """Return what of a change can change the model: files, and sections."""
    files = [path for path in can_change_the_model(paths) if path != CONFIG]
    sections = sorted((old.keys() | new.keys()) - set(OF_THE_GATE), key=str)
    files += [
        f"{name} in {CONFIG}"
        for name in sections
        if _without_gate(name, old) != _without_gate(name, new)
    ]
    return files


def _without_gate(name: str, config: dict[str, Any]) -> Any:
    if name != "hooks":
        return config.get(name)
    hooks = _section(config, name).items()
    return {key: value for key, value in hooks if key != "gate"}


def _is_easier(old: Any, new: Any, more: bool) -> bool:
    """Return whether a limit went up (`more`) or down; what is no number did both."""
    if old == new:
        return False
    try:
        before, after = float(old), float(new)
    except (TypeError, ValueError):
        return True
    return after > before if more else after < before


def _section(config: dict[str, Any], name: str) -> dict[str, Any]:
    value = config.get(name)
    return value if isinstance(value, dict) else {}


def approver(job: Job, owners: set[str]) -> tuple[str | None, str]:
    """Return who has approved by the label, or None and what is missing."""
    pull = job.pull_request
    current = job.get(f"pulls/{pull['number']}")
    labels = {label.get("name") for label in current.get("labels", [])}
    if LABEL not in labels:
        return None, f"nobody has set the label {LABEL}"
    events = job.pages(f"issues/{pull['number']}/events")
    settings = [
        event
        for event in events
        if event.get("event") == "labeled"
        and event.get("label", {}).get("name") == LABEL
    ]
    actor = (settings[-1].get("actor") or {}) if settings else {}
    login = str(actor.get("login", ""))
    if actor.get("type") != "User" or not re.fullmatch(r"[\w-]{1,100}", login):
        return None, f"no person has set the label {LABEL}"
    if login.lower() == str(current["user"]["login"]).lower():
        return None, f"{login} is the author, and somebody else has to approve"
    # A run begins when its commit is pushed, and keeps that time when it is run again.
    pushed = str(job.get(f"actions/runs/{job.run_id}").get("created_at", "~"))
    if str(settings[-1].get("created_at", "")) <= pushed:
        return None, f"{login} set the label {LABEL} before the newest commit was there"
    if owners and login.lower() not in owners:
        return None, f"{login} is not an owner of {CONFIG} in CODEOWNERS"
    try:
        role = job.get(f"collaborators/{login}/permission").get("permission")
    except NotFound:
        role = None
    if role not in WRITERS:
        return None, f"{login} may not write to this repository"
    return login, ""


def owners_of_config(codeowners: str) -> set[str]:
    """Return the people whom CODEOWNERS names for config.yaml, in lower case.

    None where it names a team: GitHub's own rule ("Require review from Code Owners")
    knows its members, a job's token does not.
    """
    owners: list[str] = []
    for line in codeowners.splitlines():
        pattern, *names = line.partition("#")[0].split() or [""]
        if pattern.strip("/") in ("*", CONFIG, "*.yaml"):
            owners = names
    if any("/" in name or not name.startswith("@") for name in owners):
        return set()
    return {name.removeprefix("@").lower() for name in owners}


def guard(job: Job, folder: Path) -> str:
    """Return why the pull request may go on; raise GateFailed where it may not."""
    before = run_git(folder, "show", f"HEAD^1:{CONFIG}")
    paths = changed_paths(folder, "HEAD^1")
    if paths is None:
        raise PipelineError("The commit before is not here: fetch-depth must be 2")
    if before is None:
        return f"There was no {CONFIG} before"
    old = _parse(before)
    new = _parse((folder / CONFIG).read_text(encoding="utf-8"))
    easier, others = loosened(old, new), changes_the_model(old, new, paths)
    if not easier:
        return "The gate is no easier than before"
    if not others:
        return f"The gate is easier, and nothing else has changed: {'; '.join(easier)}"
    # As it was: who lowers the gate could name other owners in the same change.
    texts = (run_git(folder, "show", f"HEAD^1:{path}") for path in CODEOWNERS)
    codeowners = next((text for text in texts if text), "")
    login, missing = approver(job, owners_of_config(codeowners))
    if login:
        return f"{login} has approved: {'; '.join(easier)}"
    raise GateFailed(
        f"This pull request makes the gate easier ({'; '.join(easier)}) and changes "
        f"the model ({', '.join(others[:3])}). Make two of it, or let somebody else "
        f"who may write here set the label {LABEL}, and run this job again; {missing}"
    )


def _parse(text: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PipelineError(f"{CONFIG} cannot be read: {error}") from error
    return content if isinstance(content, dict) else {}


def main() -> None:
    """Hold the pull request that this job is about."""
    sentence = guard(Job(), Path())
    add_summary(f"The gate and the pull request: {code(sentence)}\n")
    print(f"{sentence}.")
