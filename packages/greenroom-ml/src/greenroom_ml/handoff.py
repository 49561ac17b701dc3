"""Hands a version to an environment: one commit in the GitOps repository, once.

A pull request where `champion` in config.yaml says so (`production` is prod, and
`development` all else), a commit elsewhere. The same version handed off again changes
nothing, and a late run does not put an older version back. Without
MODEL_VERSION the champion is handed off. With a canary, a version comes to prod on
trial; `promote` gives it all of the traffic, `rollback` none.
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Callable

from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests.compare_and_swap import Outcome, try_until_done
from greenroom_ml.manifests.git_manifests import GitManifests
from greenroom_ml.manifests.github_manifests import GithubManifests
from greenroom_ml.manifests.manifests import Change, Manifests, Release, read_seed
from greenroom_ml.manifests.yaml_edit import Named, load, value_at

SECONDS = 600
ACTIONS = ("handoff", "promote", "rollback")
PRODUCTION = "prod"

CONTAINER_IMAGE = (
    "spec",
    "predictor",
    "containers",
    Named("kserve-container"),
    "image",
)

Decide = Callable[[Mapping[str, str]], Change]


def deliver(
    repository: GithubManifests | GitManifests,
    name: str,
    environment: str,
    branch: str,
    decide: Decide,
    force: bool,
    by_pull_request: bool,
) -> Outcome:
    """Read, decide, commit or propose: one try; raises Again if others were faster."""
    folder = f"models/{name}"
    paths = Manifests(environment, name, {}).paths
    snapshot, proposal = repository.read(
        folder, paths, branch if by_pull_request else None
    )
    change = decide(snapshot.files)
    if not change.files:
        return Outcome(f"{change.sentence}.")
    files = {f"{folder}/{path}": text for path, text in change.files.items()}
    title = f"{name}: {change.sentence}"
    if not by_pull_request:
        done = repository.commit(snapshot, files, _message(title, environment, change))
        return Outcome(f"{title}: {done.sentence}.", done.url)
    declined = None if force else repository.declined(snapshot, branch)
    if declined:
        return Outcome(
            f"{title}: people closed its pull request; left at that "
            "(reopen it, or FORCE=1 makes another).",
            declined,
        )
    known = {path: text for path, text in change.files.items() if path in paths}
    is_fresh = (
        proposal is not None
        and proposal.base_folder == snapshot.folder
        and known.items() <= proposal.files.items()
    )
    if not is_fresh:
        repository.push(snapshot, branch, files, _message(title, environment, change))
    done = repository.propose(snapshot, branch, title, _body(environment, change))
    return Outcome(f"{title}: {done.sentence}.", done.url)


def _trailers(environment: str, change: Change) -> dict[str, str]:
    release = change.release
    if release is None:
        return {}
    trailers = {
        "Model": f"{release.model}/{release.version}",
        "Environment": environment,
        "Source-Commit": release.source_commit,
        "MLflow-Run": release.run_id,
        "Image-Digest": release.image.partition("@")[2],
        "Storage-URI": release.storage_uri,
        "CI-Run": release.ci_run_url,
    }
    return {key: value for key, value in trailers.items() if value}


def _message(title: str, environment: str, change: Change) -> str:
    trailers = _trailers(environment, change)
    return f"{title}\n\n" + "\n".join(f"{key}: {trailers[key]}" for key in trailers)


def _body(environment: str, change: Change) -> str:
    rows = "".join(
        f"| {key} | `{re.sub('[`|]', '', value)}` |\n"
        for key, value in _trailers(environment, change).items()
    )
    return (
        f"{change.sentence.capitalize()}. Argo CD applies it once this is merged.\n\n"
        f"| | |\n|---|---|\n{rows}\n"
        "Made by the pipeline of the model. To decline it, close it: the pipeline does "
        "not open it again.\n"
    )


def _release(config: Config, seed: Mapping[str, str]) -> Release:
    """Put together what the pipeline says about the version; a laptop asks MLflow."""
    get = os.environ.get
    server_file = "base/inferenceservice.yaml"
    image = value_at(load(f"deploy/{server_file}", seed[server_file]), CONTAINER_IMAGE)
    version = get("MODEL_VERSION", "").strip()
    where = get("IMAGE_DIGEST" if image else "STORAGE_URI", "").strip()
    server, repository, run = (
        get(f"GITHUB_{key}", "") for key in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    known = {
        "run_id": get("MLFLOW_RUN_ID", "").strip(),
        "source_commit": get("GITHUB_SHA", "").strip(),
        "ci_run_url": f"{server}/{repository}/actions/runs/{run}" if run else "",
    }
    if not version or not where:
        version, where, known = _ask_mlflow(config, version, bool(image))
    if not re.fullmatch(r"[1-9]\d*", version):
        raise PipelineError(
            f"MODEL_VERSION must be the number of a version; it is {version!r}"
        )
    return Release(
        model=config.mlflow.registered_model,
        version=int(version),
        **known,
        **({"image": f"{image}@{where}"} if image else {"storage_uri": where}),
    )


def _ask_mlflow(
    config: Config, version: str, has_image: bool
) -> tuple[str, str, dict[str, str]]:
    # Only here: a job that knows the version needs no MLflow.
    from greenroom_ml.registry import tracking

    name = config.mlflow.registered_model
    with tracking.mlflow_connection() as client:
        if version:
            found = client.get_model_version(name, version)
        else:
            found = client.get_model_version_by_alias(name, "champion")
    if has_image:
        where = found.tags.get("greenroom.image.digest", "")
        if not where:
            raise PipelineError(
                f"Version {found.version} of {name} has no image yet: the pipeline "
                "notes it in MLflow once it is pushed, or set IMAGE_DIGEST"
            )
    else:
        from greenroom_ml.storage import find_storage_uri

        where = find_storage_uri(config, str(found.version))
    known = {
        "run_id": found.run_id or "",
        "source_commit": found.tags.get("greenroom.git.sha", ""),
        "ci_run_url": found.tags.get("greenroom.ci.run_url", ""),
    }
    return str(found.version), where, known


def by_pull_request(config: Config, environment: str) -> bool:
    """Return whether an environment changes by a pull request that a person merges."""
    rule = config.champion
    how = rule.production if environment == PRODUCTION else rule.development
    return how == "pull-request"


def connect(folder: Path) -> GithubManifests | GitManifests:
    """Return the manifests that the environment's variables name.

    A folder that is empty holds what git fetches.
    """
    token = os.environ.get("MANIFESTS_TOKEN", "").strip()
    name = os.environ.get("MANIFESTS_REPOSITORY", "").strip()
    url = os.environ.get("MANIFESTS_REPOSITORY_URL", "").strip()
    if token:
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
            raise PipelineError(
                "MANIFESTS_REPOSITORY must name the GitOps repository as owner/name; "
                f"it is {name!r}"
            )
        return GithubManifests(name, token)
    if url:
        return GitManifests(url, folder)
    raise PipelineError(
        "The hand-off needs MANIFESTS_TOKEN, a token that may write to "
        f"{name or 'the GitOps repository'}, or MANIFESTS_REPOSITORY_URL, an address "
        "that git may push to"
    )


def _tell(outcome: Outcome) -> None:
    print(outcome.sentence, outcome.url)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        link = f" [Look at it]({outcome.url})" if outcome.url else ""
        with open(summary, "a", encoding="utf-8") as file:
            file.write(f"### {outcome.sentence}{link}\n")


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line and the environment ask for."""
    parser = argparse.ArgumentParser(
        prog="greenroom-ml handoff", description="Hand a version to an environment."
    )
    parser.add_argument("action", nargs="?", choices=ACTIONS, default="handoff")
    parser.add_argument("--environment", default=os.environ.get("ENVIRONMENT", ""))
    parser.add_argument(
        "--force", action="store_true", default=os.environ.get("FORCE") == "1"
    )
    options = parser.parse_args(arguments)
    # What a canary is about is the traffic of production.
    environment = options.environment or (
        "prod" if options.action != "handoff" else "dev"
    )
    if not re.fullmatch("[a-z][a-z0-9-]*", environment):
        raise PipelineError(f"ENVIRONMENT must be like dev; it is {environment!r}")
    seed = read_seed(Path("deploy"), environment)
    name = load("deploy/model.yaml", seed["model.yaml"])["model"]
    config = load_config()
    branch = f"handoff/{name}-{environment}-{options.action}"
    if options.action == "handoff":
        release = _release(config, seed)
        branch = f"handoff/{name}-{release.version}-{environment}"

    def decide(files: Mapping[str, str]) -> Change:
        manifests = Manifests(environment, config.mlflow.registered_model, files)
        if options.action == "promote":
            return manifests.promote()
        if options.action == "rollback":
            return manifests.rollback()
        return manifests.hand_off(seed, release, options.force)

    with tempfile.TemporaryDirectory(prefix="handoff-") as folder:
        repository = connect(Path(folder))
        attempt = functools.partial(
            deliver,
            repository,
            name,
            environment,
            branch,
            decide,
            options.force,
            by_pull_request(config, environment),
        )
        _tell(
            try_until_done(attempt, float(os.environ.get("HANDOFF_SECONDS", SECONDS)))
        )
