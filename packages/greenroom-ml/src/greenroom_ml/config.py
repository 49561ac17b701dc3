"""Reads and checks `config.yaml`: what is trained, on what, and how it is judged."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
)

from greenroom_ml.config_problems import problem_sentence
from greenroom_ml.errors import PipelineError

CLASSIFICATION = "classification"
REGRESSION = "regression"
METRICS = {
    CLASSIFICATION: (
        "accuracy",
        "balanced_accuracy",
        "f1_macro",
        "roc_auc",
        "average_precision",
    ),
    REGRESSION: ("r2", "rmse", "mae"),
}
LESS_IS_BETTER = ("rmse", "mae")
BUNDLED_DATASETS = {
    "breast_cancer": CLASSIFICATION,
    "digits": CLASSIFICATION,
    "iris": CLASSIFICATION,
    "wine": CLASSIFICATION,
    "diabetes": REGRESSION,
}


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must be a text that is not empty")
    return value


def _number(value: Any) -> Any:
    """Let 1e-3 be a number: YAML 1.1 reads it as a text, a person means a number."""
    is_scientific = isinstance(value, str) and "e" in value.lower()
    if is_scientific and value.strip()[:1].isdigit():
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _function(value: str) -> str:
    module, _, name = value.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), name)):
        raise ValueError("must name a function as module:function")
    return value


def _requirement(value: str) -> str:
    try:
        return str(Requirement(value))
    except InvalidRequirement as error:
        raise ValueError(
            f"must be a requirement such as 'numpy ~=2.2.6': {error}"
        ) from error


Text = Annotated[str, AfterValidator(_text)]
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Function = Annotated[str, AfterValidator(_function)]
Positive = Annotated[Number, Field(gt=0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DataConfig(_Section):
    """The table: where it is, what to predict, and what not to learn from."""

    dataset: Literal["csv", "breast_cancer", "digits", "iris", "wine", "diabetes"]
    csv_file: Text | None = None
    target: Text = "target"
    leave_out: dict[Text, Text] = {}
    keep: dict[Text, Text] = {}


class SplitConfig(_Section):
    """Which rows are held out of training, to judge the model by."""

    by: Literal["rows", "time", "group"] = "rows"
    column: Text | None = None
    test_size: Annotated[Number, Field(gt=0, lt=1)] = 0.25


class ModelConfig(_Section):
    """What is trained; `encoding` says how columns become numbers.

    `ordinal`: a number for each text, as trees take them. `one_hot`: a column for each
    text, and numbers of one scale, as all others do. `auto` chooses by the estimator.
    """

    task: Literal["classification", "regression"]
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 42
    parameters: dict[str, Any] = {}
    encoding: Literal["auto", "ordinal", "one_hot"] = "auto"
    format: Literal["native", "onnx"] = "native"


class EvaluationConfig(_Section):
    """How often the cross-validation trains: `repeats` times `folds` models."""

    folds: Annotated[int, Field(ge=2, le=20)] = 5
    repeats: Annotated[int, Field(ge=1, le=100)] | Literal["auto"] = "auto"


class GateConfig(_Section):
    """The figure that a model must reach.

    `direction` follows from the metric unless the metric is the owner's own.
    """

    metric: Text
    threshold: Number
    direction: Literal["maximize", "minimize"] = "maximize"
    when_unsure: Literal["pass", "fail"] = "pass"
    max_model_mb: Positive = 100.0
    max_row_ms: Positive = 50.0


class MlflowConfig(_Section):
    """MLflow's names of the experiment and of the registered model."""

    experiment_name: Text
    registered_model: Text


class ChampionConfig(_Section):
    """How a version becomes the champion of an environment."""

    development: Literal["automatic", "pull-request"] = "automatic"
    production: Literal["automatic", "pull-request"] = "pull-request"


class ServingConfig(_Section):
    """Who serves the model, and the versions of libraries that can load it there.

    `image`: the own image, which holds `lock_file`. `storage-uri`: KServe's own server
    `runtime`, whose libraries `requirements` names.
    """

    kind: Literal["image", "storage-uri"] = "image"
    lock_file: Text = "requirements-serve.lock"
    runtime: Literal["sklearn", "xgboost", "lightgbm"] = "sklearn"
    requirements: list[Annotated[str, AfterValidator(_requirement)]] = []


class DriftConfig(_Section):
    """Whether the portal may start a training when drift is bad (P0); people may."""

    retrain: bool = False


class HooksConfig(_Section):
    """Functions of the owner, each as module:function, where the platform's way ends.

    `before_predict(rows) -> rows`, `after_predict(rows, predictions) -> predictions`,
    `gate(figures, champion) -> str | None`.
    """

    before_predict: Function | None = None
    after_predict: Function | None = None
    gate: Function | None = None


class Config(_Section):
    """The content of `config.yaml`, checked."""

    package: Text
    data: DataConfig
    split: SplitConfig = SplitConfig()
    model: ModelConfig
    evaluation: EvaluationConfig = EvaluationConfig()
    gate: GateConfig
    mlflow: MlflowConfig
    champion: ChampionConfig = ChampionConfig()
    serving: ServingConfig = ServingConfig()
    drift: DriftConfig = DriftConfig()
    hooks: HooksConfig = HooksConfig()
    _directory: Path = PrivateAttr(default=Path())

    @property
    def directory(self) -> Path:
        """The folder of the repository, which holds `config.yaml`."""
        return self._directory

    @property
    def task(self) -> str:
        """`classification` or `regression`."""
        return self.model.task

    @property
    def target(self) -> str:
        """The column to predict."""
        return self.data.target

    @property
    def csv_file(self) -> Path | None:
        """The table, unless it is one of scikit-learn's."""
        name = self.data.csv_file
        return self.directory / name if self.data.dataset == "csv" and name else None

    @property
    def data_name(self) -> str:
        """What people call the table."""
        return self.csv_file.name if self.csv_file else self.data.dataset

    def changed(self, **sections: dict[str, Any]) -> Config:
        """Return a copy with fields of sections replaced: `changed(gate={...})`."""
        content = self.model_dump()
        for section, fields in sections.items():
            content[section] = {**content[section], **fields}
        copy = Config.model_validate(content)
        copy._directory = self._directory
        return copy


def load_config(path: Path | str = "config.yaml") -> Config:
    """Read the configuration; raise PipelineError naming each field that is wrong."""
    path = Path(path)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PipelineError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise PipelineError(f"{path.name} must hold the sections data, model, gate, …")
    gate = content.get("gate")
    if isinstance(gate, dict) and gate.get("metric") in LESS_IS_BETTER:
        content = {**content, "gate": {"direction": "minimize", **gate}}
    try:
        config = Config.model_validate(content)
    except ValidationError as error:
        problems = [problem_sentence(each, Config) for each in error.errors()]
        raise PipelineError(f"{path.name}: {'; '.join(problems)}") from None
    config._directory = path.parent
    for problem in _contradictions(config):
        raise PipelineError(f"{path.name}: {problem}")
    return config


def _contradictions(config: Config) -> typing.Iterator[str]:
    data, gate, metrics = config.data, config.gate, METRICS[config.task]
    own_task = BUNDLED_DATASETS.get(data.dataset, config.task)
    if own_task != config.task:
        yield (
            f"model.task must be {own_task} for the data set {data.dataset}, not "
            f"{config.task}"
        )
    if data.dataset == "csv" and not data.csv_file:
        yield "data.csv_file is missing"
    if data.target in data.leave_out:
        yield f"data.leave_out must not name the target {data.target!r}"
    if config.split.by == "group" and not config.split.column:
        yield "split.column is missing: what rows of one group have in common"
    foreign = [
        name for task in METRICS.values() for name in task if name not in metrics
    ]
    if gate.metric in foreign:
        yield (
            f"gate.metric must be one of {', '.join(metrics)}, or one that "
            f"evaluate.py computes; it is {gate.metric!r}"
        )
    if config.serving.kind == "storage-uri" and not config.serving.requirements:
        yield "serving.requirements is missing: the libraries of KServe's server"
    if config.serving.kind == "storage-uri" and config.model.format == "onnx":
        yield "serving.kind storage-uri cannot serve model.format onnx"
