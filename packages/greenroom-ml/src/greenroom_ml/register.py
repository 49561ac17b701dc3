"""Registers the model of a run that passed the gate, as the challenger.

`champion` moves to it at once where `champion.development` in config.yaml is automatic;
else `greenroom-ml champion` moves it, once the hand-off's pull request is merged.
Aliases are everybody's: only the pipeline of main moves them, and whoever has an MLflow
of their own. Registering the same run again finds its version and changes nothing: in
particular it does not take the alias back from a newer champion.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

from greenroom_ml.card import log_card
from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.gate import CHAMPION, champion_version
from greenroom_ml.github import worktree
from greenroom_ml.registry import tracking

COMPONENT = "greenroom.component"
CHALLENGER = "challenger"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def register(config: Config, run_id: str) -> tuple[ModelVersion, bool]:
    """Register a run's model; return its version and whether it is the champion now."""
    name = config.mlflow.registered_model
    with tracking.mlflow_connection() as client:
        run = client.get_run(run_id)
        if run.data.tags.get("greenroom.gate.passed") != "true":
            raise GateFailed(
                f"MLflow run {run_id} has not passed the gate and is not registered: "
                "run `make gate`"
            )
        champion = champion_version(client, name)
        version = _registered_version(client, name, run_id)
        if version is None:
            judged_against = run.data.tags.get("greenroom.gate.champion_version")
            if champion is not None and str(champion.version) != judged_against:
                raise PipelineError(
                    f"Version {champion.version} of {name} became the champion after "
                    f"MLflow run {run_id} was judged: run `make gate` again"
                )
            version = mlflow.register_model(f"models:/{tracking.model_id(run)}", name)
        _mark(client, name, run)
        where = log_card(client, run, name, version.version)
        client.update_model_version(
            name, version.version, f"{_description(config, run)} Model card: {where}"
        )
        for key, value in _tags(run).items():
            client.set_model_version_tag(name, version.version, key, value)
        if champion is not None and int(champion.version) >= int(version.version):
            return version, champion.version == version.version
        if not moves_aliases():
            return version, False
        client.set_registered_model_alias(name, CHALLENGER, version.version)
        if config.champion.development == "automatic":
            crown(client, name, str(version.version))
            return version, True
        return version, False


def crown(client: mlflow.MlflowClient, name: str, version: str) -> None:
    """Make a version the champion; it challenges nobody any more."""
    client.set_registered_model_alias(name, CHAMPION, version)
    aliases = client.get_registered_model(name).aliases
    if str(aliases.get(CHALLENGER)) == version:
        client.delete_registered_model_alias(name, CHALLENGER)


def moves_aliases() -> bool:
    """Return whether aliases may be moved from here.

    On GitHub by main alone, elsewhere where the MLflow is this machine's own: a file,
    or a server that only this machine reaches.
    """
    if in_actions():
        return os.environ.get("GITHUB_REF") == "refs/heads/main"
    parts = urlsplit(os.environ.get("MLFLOW_TRACKING_URI", "").strip())
    if parts.scheme in ("http", "https"):
        return parts.hostname in LOOPBACK
    is_path = not parts.scheme and not parts.path.startswith("databricks")
    return is_path or parts.scheme in ("sqlite", "file")


def in_actions() -> bool:
    """Return whether this is a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def expect_reproducible(run: Run, folder: Path) -> None:
    """Raise PipelineError when nobody could train the run's model again by git.

    On a laptop, that is: a job has checked out a commit.
    """
    trained_with = run.data.tags.get(tracking.UNCOMMITTED)
    if trained_with:
        raise PipelineError(
            f"MLflow run {run.info.run_id} was trained with files that were not "
            f"committed: {trained_with}. Commit them and run `make train gate` again"
        )
    files = worktree.uncommitted(folder)
    if files:
        raise PipelineError(
            f"Not committed: {worktree.name_files(files)}. A version must be made of "
            "a commit: commit these files and run `make train gate` again"
        )
    if files is None and not moves_aliases():
        raise PipelineError(
            "This folder is in no git repository, so nobody could tell what the "
            "version was made of: register from a clone"
        )
    trained, here = (
        run.data.tags.get("mlflow.source.git.commit"),
        worktree.commit(folder),
    )
    if here and trained and trained != here:
        raise PipelineError(
            f"MLflow run {run.info.run_id} was trained at commit {trained[:10]}, and "
            f"this folder is at {here[:10]}: run `make train gate` again"
        )


def _mark(client: mlflow.MlflowClient, name: str, run: Run) -> None:
    """Say whose the model is, as its experiment does, unless it says so already."""
    component = client.get_experiment(run.info.experiment_id).tags.get(COMPONENT)
    if component and not client.get_registered_model(name).tags.get(COMPONENT):
        client.set_registered_model_tag(name, COMPONENT, component)


def _registered_version(
    client: mlflow.MlflowClient, name: str, run_id: str
) -> ModelVersion | None:
    found = client.search_model_versions(f"run_id = '{run_id}'")
    return next((version for version in found if version.name == name), None)


def _description(config: Config, run: Run) -> str:
    tags = run.data.tags
    sign = "≥" if tags["greenroom.gate.direction"] == "maximize" else "≤"
    return (
        f"{tags['greenroom.gate.metric']} {float(tags['greenroom.gate.value']):.4g} "
        f"(gate {sign} {float(tags['greenroom.gate.threshold']):.4g}) "
        f"on held-out rows of {config.data_name}."
    )


def _tags(run: Run) -> dict[str, str]:
    tags = {
        "greenroom.git.sha": run.data.tags.get("mlflow.source.git.commit"),
        "greenroom.ci.run_url": run.data.tags.get("greenroom.ci.run_url"),
        "greenroom.template.version": tracking.template_version(),
    }
    return {key: value for key, value in tags.items() if value}


def main() -> None:
    """Register the run at hand."""
    config, run_id = load_config(), tracking.run_id()
    if os.environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        raise PipelineError("A pull request registers nothing: main does, once merged")
    if not in_actions():
        with tracking.mlflow_connection() as client:
            expect_reproducible(client.get_run(run_id), config.directory)
    version, is_champion = register(config, run_id)
    title = f"{version.name} v{version.version}"
    sentence = (
        f"Registered {title} from MLflow run {version.run_id}"
        f"; {_place(config, version, is_champion)}."
    )
    tracking.set_output("model-version", str(version.version))
    tracking.add_summary(f"### {sentence}\n")
    print(sentence)


def _place(config: Config, version: ModelVersion, is_champion: bool) -> str:
    if is_champion:
        return "it is the champion"
    if not moves_aliases():
        return "it gets no alias: only the pipeline of main moves those of this server"
    with tracking.mlflow_connection() as client:
        champion = champion_version(client, version.name)
    if champion is not None and int(champion.version) > int(version.version):
        return "a newer version is the champion"
    return (
        "it is the challenger, and becomes the champion once its pull request in the "
        "manifests is merged (champion.development in config.yaml)"
    )
