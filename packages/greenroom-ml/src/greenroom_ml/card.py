"""Fills the model card with what is known of one version: figures, data, parameters."""

from __future__ import annotations

import os
import re
from datetime import datetime, timezone
from pathlib import Path

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from greenroom_ml.config import load_config
from greenroom_ml.registry import tracking

CARD = "model-card.md"


def build_card(text: str, run: Run, name: str, version: str) -> str:
    """Return the repository's model card with a section on this version at its end."""
    tags = run.data.tags
    trained = datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc)
    commit = tags.get("mlflow.source.git.commit")
    sign = "≥" if tags.get("greenroom.gate.direction") == "maximize" else "≤"
    facts = {
        "Registered as": f"{name} v{version}",
        "MLflow run": run.info.run_id,
        "Trained": trained.strftime("%Y-%m-%d %H:%M UTC"),
        "Commit": commit,
        "CI run": tags.get("greenroom.ci.run_url"),
        "Gate": f"{tags.get('greenroom.gate.metric')} {sign} "
        f"{tags.get('greenroom.gate.threshold')}: "
        f"{'passed' if tags.get('greenroom.gate.passed') == 'true' else 'not passed'}",
        "Champion before": tags.get("greenroom.gate.champion_version"),
    }
    rows = {
        context: f"{dataset.name}, digest {dataset.digest}"
        for context, dataset in _datasets(run).items()
    }
    sections = [
        _table({key: value for key, value in facts.items() if value}),
        *_written(run),
        "### Figures",
        _table({key: f"{value:.6g}" for key, value in run.data.metrics.items()}),
        "### Data",
        _table(rows),
        "### Parameters",
        _table(dict(sorted(run.data.params.items()))),
    ]
    return "\n\n".join([text.rstrip(), f"## Version {version}", *sections]) + "\n"


# What a training and its gate have written for people, and the heading it gets.
SECTIONS = {
    "verdict.md": "### Verdict",
    "evaluation.md": "### Beside its baselines",
    "explanation.md": "### What it rests on",
    "findings.md": "### What the table shows",
}


def _written(run: Run) -> list[str]:
    sections: list[str] = []
    for name, heading in SECTIONS.items():
        try:
            text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/{name}")
        except (MlflowException, OSError):
            continue
        sections += [heading, text.strip()]
    return sections


def log_card(client: mlflow.MlflowClient, run: Run, name: str, version: str) -> str:
    """Keep the filled card with the run; return where it is, for people."""
    card = build_card(_text(name), run, name, version)
    client.log_text(run.info.run_id, card, CARD)
    server = re.sub("//[^/@]*@", "//", os.environ.get("MLFLOW_TRACKING_URI", ""))
    if not server.startswith("http"):
        return f"artifact {CARD} of MLflow run {run.info.run_id}"
    return (
        f"{server.rstrip('/')}/#/experiments/{run.info.experiment_id}"
        f"/runs/{run.info.run_id}/artifacts/{CARD}"
    )


def _datasets(run: Run) -> dict[str, mlflow.entities.Dataset]:
    return {
        tag.value: item.dataset
        for item in run.inputs.dataset_inputs
        for tag in item.tags
        if tag.key == "mlflow.data.context"
    }


def _table(rows: dict[str, object]) -> str:
    lines = [f"| {_plain(key)} | {_plain(value)} |" for key, value in rows.items()]
    return "\n".join(["| | |", "| --- | --- |", *lines])


def _plain(value: object) -> str:
    """Return a text that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]{}<>|~$&])", r"\\\1", " ".join(str(value).split()))


def main() -> None:
    """Write the card of the run at hand to reports/model-card.md."""
    name = load_config().mlflow.registered_model
    with tracking.mlflow_connection() as client:
        run = client.get_run(tracking.run_id())
    file = tracking.REPORTS / CARD
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(build_card(_text(name), run, name, "not registered"), "utf-8")
    print(f"{file}: the card of MLflow run {run.info.run_id}")


def _text(name: str) -> str:
    file = Path(CARD)
    return file.read_text("utf-8") if file.exists() else f"# Model card: {name}"
