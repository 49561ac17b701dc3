"""The connection to MLflow, and what GitHub Actions tells about this run."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from greenroom_ml.errors import PipelineError
from greenroom_ml.github import summary, worktree
from greenroom_ml.registry import identity

# What steps tell GitHub, beside what they tell MLflow.
add_summary, set_output = summary.add_summary, summary.set_output

REPORTS = Path("reports")
RUN_FILE = REPORTS / "run.json"
# The files that were not committed when a laptop trained.
UNCOMMITTED = "greenroom.git.uncommitted"


@contextmanager
def mlflow_connection() -> Iterator[mlflow.MlflowClient]:
    """Yield a client of the server that MLFLOW_TRACKING_URI names.

    What MLflow answers with an error becomes a PipelineError that says what to do.
    """
    uri = os.environ.get("MLFLOW_TRACKING_URI", "").strip()
    if not uri:
        raise PipelineError(
            "MLFLOW_TRACKING_URI is not set: export it on a laptop; on GitHub it is a "
            "variable of the repository (Settings → Secrets and variables → Actions)."
        )
    # Unless someone wants otherwise, a server that is down is reported in seconds.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    mlflow.set_tracking_uri(uri)
    identity.keep_token_fresh()
    try:
        yield mlflow.MlflowClient()
    except MlflowException as error:
        raise PipelineError(_explain(uri, error)) from error


def _explain(uri: str, error: MlflowException) -> str:
    where = f"MLflow at {re.sub('//[^/@]*@', '//', uri)}"
    text = str(error)
    if re.search("error code 40[13]|UNAUTHENTICATED|PERMISSION_DENIED", text):
        return (
            f"{where} refuses GitHub's token: does it trust this repository, and is "
            "MLFLOW_OIDC_AUDIENCE the audience that it expects?"
            if identity.offered()
            else f"{where} refuses the credentials: set MLFLOW_TRACKING_USERNAME and "
            "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN."
        )
    if "failed with exception" in text:
        return f"{where} does not answer: start it, or correct MLFLOW_TRACKING_URI."
    return f"{where} answers with an error: {text}"


def run_id() -> str:
    """Return the MLflow run to work on: MLFLOW_RUN_ID, or the last one trained here."""
    from_environment = os.environ.get("MLFLOW_RUN_ID", "").strip()
    if from_environment:
        return from_environment
    try:
        return json.loads(RUN_FILE.read_text(encoding="utf-8"))["run_id"]
    except (OSError, ValueError, KeyError) as error:
        raise PipelineError(
            "There is no run to work on: run `make train` first, or set MLFLOW_RUN_ID."
        ) from error


def model_id(run: Run) -> str:
    """Return the id of the model that a run has logged."""
    models = run.outputs.model_outputs if run.outputs else []
    if not models:
        raise PipelineError(
            f"MLflow run {run.info.run_id} has logged no model: run `make train` again"
        )
    return models[-1].model_id


def run_tags() -> dict[str, str]:
    """Return the tags that link an MLflow run to its commit, CI run and person."""
    get = os.environ.get
    tags = {
        "mlflow.source.git.commit": get("GITHUB_SHA"),
        "mlflow.source.git.branch": get("GITHUB_REF_NAME"),
        "mlflow.source.git.repoURL": _repository_url(),
        "mlflow.user": get("GITHUB_ACTOR"),
        "greenroom.ci.run_id": get("GITHUB_RUN_ID"),
        "greenroom.ci.run_attempt": get("GITHUB_RUN_ATTEMPT"),
        "greenroom.ci.run_url": ci_run_url(),
        "greenroom.ci.workflow": get("GITHUB_WORKFLOW"),
    }
    if not get("GITHUB_SHA"):
        tags["mlflow.source.git.commit"] = worktree.commit(Path())
        files = worktree.uncommitted(Path()) or []
        tags[UNCOMMITTED] = worktree.name_files(files)[:4000]
    return {key: value for key, value in tags.items() if value}


def run_name() -> str | None:
    """Return a run name that people find again in GitHub's list, e.g. `ci-12`."""
    number = os.environ.get("GITHUB_RUN_NUMBER")
    attempt = os.environ.get("GITHUB_RUN_ATTEMPT", "1")
    if not number:
        return None
    return f"ci-{number}" if attempt == "1" else f"ci-{number}.{attempt}"


def ci_run_url() -> str | None:
    """Return the address of this GitHub Actions run; None on a laptop."""
    ci_run = os.environ.get("GITHUB_RUN_ID")
    repository = _repository_url()
    return f"{repository}/actions/runs/{ci_run}" if repository and ci_run else None


def _repository_url() -> str | None:
    server = os.environ.get("GITHUB_SERVER_URL")
    repository = os.environ.get("GITHUB_REPOSITORY")
    return f"{server}/{repository}" if server and repository else None


def template_version() -> str | None:
    """Return the version of the template that this repository was made from."""
    try:
        file = Path(".greenroom", "template.json")
        return json.loads(file.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return None
