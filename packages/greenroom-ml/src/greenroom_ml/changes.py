"""Says whether what changed can change the model: a version is made only then.

A pull request is held against the branch that it goes to. A push to main is held
against the last commit whose run succeeded, not against the push before: the run of
that one may have failed, or given way to this one. By hand, the answer is always yes.
Needs git and the standard library, so that a job asks before it installs anything.
"""

from __future__ import annotations

from pathlib import Path

from greenroom_ml.errors import PipelineError
from greenroom_ml.github.job import MAIN, Job
from greenroom_ml.github.paths import can_change_the_model, changed_paths
from greenroom_ml.github.summary import add_summary, code, set_output

WORKFLOW = "ci.yml"


def changes(job: Job, folder: Path) -> tuple[bool, str]:
    """Return whether the model can have changed, and why, in a sentence."""
    if job.event_name == "pull_request":
        # What is checked out is the merge: its first parent is the branch's head.
        base, since = "HEAD^1", "this pull request"
    elif job.event_name == "push" and job.ref == MAIN:
        commit = _last_success(job)
        if commit is None:
            return True, "No run of main has succeeded yet"
        base, since = commit, f"what changed since {commit[:10]}, the last green run,"
    else:
        return True, "Somebody asked for it"
    paths = changed_paths(folder, base)
    if paths is None:
        return True, f"{code(base)} is not here, so everything may have changed"
    found = can_change_the_model(paths)
    if not found:
        return False, f"Nothing in {since} can change the model ({len(paths)} files)"
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return True, f"Can change the model: {', '.join(map(code, found[:5]))}{more}"


def _last_success(job: Job) -> str | None:
    answer = job.get(
        f"actions/workflows/{WORKFLOW}/runs",
        branch="main",
        event="push",
        status="success",
        per_page=1,
    )
    runs = answer.get("workflow_runs") if isinstance(answer, dict) else None
    if not isinstance(runs, list):
        raise PipelineError(f"GitHub gives no list of the runs of {WORKFLOW}")
    commit = runs[0].get("head_sha") if runs else None
    return commit if isinstance(commit, str) and commit.isalnum() else None


def main() -> None:
    """Tell the jobs that follow: `model=true` or `model=false`."""
    changed, sentence = changes(Job(), Path())
    set_output("model", str(changed).lower())
    add_summary(f"{sentence}.\n")
    print(f"{sentence}.")
