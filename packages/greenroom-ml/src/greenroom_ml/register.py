"""Registers the model of a run that passed the gate, and makes it the champion.

Registering the same run again finds its version and changes nothing: in particular it
does not take the alias back from a newer champion.
"""

from __future__ import annotations

import mlflow
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion

from greenroom_ml.card import log_card
from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.gate import CHAMPION, champion_version
from greenroom_ml.registry import tracking

COMPONENT = "greenroom.component"


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
        if champion is None or int(champion.version) < int(version.version):
            client.set_registered_model_alias(name, CHAMPION, version.version)
            return version, True
        return version, champion.version == version.version


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
    version, is_champion = register(load_config(), tracking.run_id())
    title = f"{version.name} v{version.version}"
    sentence = f"Registered {title} from MLflow run {version.run_id}" + (
        "; it is the champion." if is_champion else "; a newer version is the champion."
    )
    tracking.set_output("model-version", str(version.version))
    tracking.add_summary(f"### {sentence}\n")
    print(sentence)
