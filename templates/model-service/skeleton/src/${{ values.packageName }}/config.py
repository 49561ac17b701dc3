"""Reads and checks `config.yaml`: what is trained, on what, and how it is judged."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

import yaml
from packaging.requirements import InvalidRequirement, Requirement

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "reports"

CLASSIFICATION = "classification"
REGRESSION = "regression"
METRICS = {
    CLASSIFICATION: ("accuracy", "f1_macro", "roc_auc"),
    REGRESSION: ("r2", "rmse", "mae"),
}
BUNDLED_DATASETS = {
    "breast_cancer": CLASSIFICATION,
    "digits": CLASSIFICATION,
    "iris": CLASSIFICATION,
    "wine": CLASSIFICATION,
    "diabetes": REGRESSION,
}


class PipelineError(Exception):
    """Something a person has to put right; the message says what and how."""


class GateFailed(Exception):
    """The model was trained and judged, and is not good enough."""


@dataclass(frozen=True)
class GateConfig:
    """The figure a model must reach on the held-out data."""

    metric: str
    direction: str
    threshold: float


@dataclass(frozen=True)
class ServingConfig:
    """Who serves the model, and the versions of libraries that can load it there.

    `image`: the own image, which holds `lock_file`. `storage-uri`: KServe's own server,
    whose libraries `requirements` names.
    """

    kind: str = "image"
    lock_file: Path = ROOT / "requirements-serve.lock"
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Config:
    """The content of `config.yaml`, checked."""

    dataset: str
    csv_file: Path | None
    target: str
    test_size: float
    task: str
    seed: int
    parameters: dict[str, Any]
    gate: GateConfig
    experiment_name: str
    registered_model: str
    serving: ServingConfig = field(default_factory=ServingConfig)


def load_config(path: Path = ROOT / "config.yaml") -> Config:
    """Read the configuration; raise PipelineError naming the field that is wrong."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PipelineError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise PipelineError(f"{path.name} must hold the sections data, model, gate, …")
    read = _Reader(path.name, content)

    task = read.choice("model.task", tuple(METRICS))
    dataset = read.choice("data.dataset", (*BUNDLED_DATASETS, "csv"))
    if dataset != "csv" and BUNDLED_DATASETS[dataset] != task:
        raise PipelineError(
            f"{path.name}: model.task must be {BUNDLED_DATASETS[dataset]} "
            f"for the data set {dataset}, not {task}"
        )
    test_size = read.number("data.test_size")
    if not 0 < test_size < 1:
        raise PipelineError(
            f"{path.name}: data.test_size must lie between 0 and 1, not {test_size}"
        )
    seed = read.number("model.seed")
    if seed < 0 or seed != int(seed):
        raise PipelineError(
            f"{path.name}: model.seed must be a whole number of at least 0, not {seed}"
        )
    parameters = read.value("model.parameters", required=False) or {}
    if not isinstance(parameters, dict):
        raise PipelineError(f"{path.name}: model.parameters must be a mapping")
    return Config(
        dataset=dataset,
        csv_file=path.parent / read.text("data.csv_file") if dataset == "csv" else None,
        target=read.text("data.target") if dataset == "csv" else "target",
        test_size=test_size,
        task=task,
        seed=int(seed),
        parameters=parameters,
        gate=GateConfig(
            metric=read.choice("gate.metric", METRICS[task]),
            direction=read.choice("gate.direction", ("maximize", "minimize")),
            threshold=read.number("gate.threshold"),
        ),
        experiment_name=read.text("mlflow.experiment_name"),
        registered_model=read.text("mlflow.registered_model"),
        serving=_serving(read, path),
    )


def _serving(read: _Reader, path: Path) -> ServingConfig:
    kind = read.choice("serving.kind", ("image", "storage-uri"))
    if kind == "image":
        lock_file = path.parent / read.text("serving.lock_file")
        return ServingConfig(kind, lock_file=lock_file)
    requirements = read.value("serving.requirements")
    try:
        return ServingConfig(
            kind, requirements=tuple(str(Requirement(line)) for line in requirements)
        )
    except (InvalidRequirement, TypeError) as error:
        raise PipelineError(
            f"{path.name}: serving.requirements must be a list of requirements such as "
            f"'numpy ~=2.2.6': {error}"
        ) from error


class _Reader:
    """Takes single fields out of the parsed file, with errors that name them."""

    def __init__(self, file_name: str, content: dict[str, Any]) -> None:
        self.file_name = file_name
        self.content = content

    def value(self, field: str, required: bool = True) -> Any:
        value: Any = self.content
        for key in field.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is None and required:
            raise PipelineError(f"{self.file_name}: {field} is missing")
        return value

    def text(self, field: str) -> str:
        value = self.value(field)
        if not isinstance(value, str) or not value.strip():
            raise PipelineError(f"{self.file_name}: {field} must be a text")
        return value

    def choice(self, field: str, choices: tuple[str, ...]) -> str:
        value = self.value(field)
        if value not in choices:
            raise PipelineError(
                f"{self.file_name}: {field} must be one of {', '.join(choices)}; "
                f"it is {value!r}"
            )
        return value

    def number(self, field: str) -> float:
        value = self.value(field)
        try:
            # YAML reads 1e-3 as a text, a person means a number.
            number = float(value) if not isinstance(value, bool) else math.nan
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise PipelineError(
                f"{self.file_name}: {field} must be a number; it is {value!r}"
            )
        return number


def run_step(step: Callable[[], None]) -> None:
    """Run one step of the pipeline and end the process with its exit code.

    0: done. 1: the model is not good enough. 2: something has to be put right first.
    """
    try:
        step()
    except (GateFailed, PipelineError) as error:
        message = " ".join(str(error).split())
        if os.environ.get("GITHUB_ACTIONS") == "true":
            print(f"::error::{message.replace('%', '%25')}")
        else:
            print(message, file=sys.stderr)
        sys.exit(1 if isinstance(error, GateFailed) else 2)
