"""The quality gate: is the model good enough, and no worse than the champion?

A model passes when its gate metric reaches the threshold and, if the registered model
has a version with the alias `champion` that was judged on the same held-out rows, is
not worse than the champion's. Being as good is enough. A champion that was judged on
other rows is named but not compared: its figure says nothing about these. Nor does a
model pass that was made by other versions of libraries than those which will serve it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, Iterator, Mapping

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from . import owner, tracking
from .config import Config, GateConfig, load_config
from .errors import GateFailed, PipelineError
from .pins import find_skew

CHAMPION = "champion"
TAG_PREFIX = "greenroom.gate."
MODEL_MB, ROW_MS = "model_mb", "row_ms"
# Retraining the champion on another processor may differ in the last digits.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Champion:
    """The version that holds the alias `champion`; no value: not to be compared."""

    name: str
    version: str
    value: float | None


@dataclass(frozen=True)
class Verdict:
    """What the gate decided, and from which figures."""

    gate: GateConfig
    value: float
    champion: Champion | None
    passed: bool
    reasons: tuple[str, ...] = ()


def judge(
    gate: GateConfig,
    value: float,
    champion: Champion | None,
    reasons: tuple[str, ...] = (),
) -> Verdict:
    """Hold a value against the threshold and the champion.

    `reasons` has a sentence for everything else that speaks against the model.
    """
    passed = (
        not reasons
        and _reaches(value, gate.threshold, gate.direction)
        and (
            champion is None
            or champion.value is None
            or math.isnan(champion.value)
            or _reaches(value, champion.value, gate.direction)
        )
    )
    return Verdict(gate, value, champion, passed, reasons)


def _reaches(value: float, bound: float, direction: str) -> bool:
    difference = value - bound if direction == "maximize" else bound - value
    return difference >= -ROUNDING


def describe(verdict: Verdict) -> str:
    """Say the verdict in one sentence, with by how much and against which champion."""
    return "; ".join([_describe(verdict), *verdict.reasons])


def _describe(verdict: Verdict) -> str:
    gate, value, champion = verdict.gate, verdict.value, verdict.champion
    head = f"Gate {'passed' if verdict.passed else 'FAILED'}: {gate.metric}"
    if math.isnan(value):
        return f"{head} is not a number on the held-out rows"
    bounds = [gate.threshold]
    if champion and champion.value is not None:
        bounds.append(champion.value)
    show = _format(value, *bounds)
    maximize = gate.direction == "maximize"
    if not _reaches(value, gate.threshold, gate.direction):
        distance = show(abs(value - gate.threshold))
        sentence = (
            f"{head} {show(value)} {'<' if maximize else '>'} "
            f"{show(gate.threshold)} (threshold), "
            f"{distance} {'short' if maximize else 'too much'}"
        )
    else:
        sentence = (
            f"{head} {show(value)} {'≥' if maximize else '≤'} {show(gate.threshold)} "
            "(threshold)"
        )
    if champion is None:
        return f"{sentence}; there is no champion yet"
    name = f"champion {champion.name} v{champion.version}"
    if champion.value is None:
        return f"{sentence}; {name} was judged on other data and is not compared"
    sentence = f"{sentence}; {name} has {show(champion.value)}"
    if _reaches(value, champion.value, gate.direction):
        return sentence
    return f"{sentence}, {show(abs(value - champion.value))} better"


def _format(*values: float) -> Callable[[float], str]:
    """Return a format with three decimals, or as many as tell the values apart."""
    different = {value for value in values if math.isfinite(value)}
    decimals = 3
    while decimals < 12 and len({f"{v:.{decimals}f}" for v in different}) < len(
        different
    ):
        decimals += 1
    return lambda value: f"{value:.{decimals}f}"


def champion_version(client: MlflowClient, name: str) -> ModelVersion | None:
    """Return the version of a registered model with the alias `champion`, if any."""
    try:
        return client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException as error:
        # MLflow answers the latter for an alias that nothing holds.
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            return None
        raise


def find_champion(client: MlflowClient, config: Config, run: Run) -> Champion | None:
    """Return the champion to beat; None if there is none, or it is this very run's."""
    version = champion_version(client, config.mlflow.registered_model)
    if version is None or version.run_id == run.info.run_id:
        return None
    value = None
    try:
        champion_run = client.get_run(version.run_id) if version.run_id else None
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        champion_run = None
    rows = _held_out(run)
    if champion_run and rows is not None and rows == _held_out(champion_run):
        value = champion_run.data.metrics.get(config.gate.metric)
    return Champion(config.mlflow.registered_model, str(version.version), value)


def _held_out(run: Run) -> str | None:
    """Return the digest of the rows that a run was judged on."""
    for item in run.inputs.dataset_inputs:
        if any(
            tag.key == "mlflow.data.context" and tag.value == "evaluation"
            for tag in item.tags
        ):
            return item.dataset.digest
    return None


def gate(config: Config, run_id: str) -> Verdict:
    """Judge a run and write the verdict into its tags."""
    metric = config.gate.metric
    with tracking.mlflow_connection() as client:
        run = client.get_run(run_id)
        if metric not in run.data.metrics:
            raise PipelineError(
                f"MLflow run {run_id} has no metric {metric} (gate.metric): "
                "its training did not finish, train again"
            )
        model = client.get_logged_model(tracking.model_id(run))
        requirements = mlflow.artifacts.load_text(
            f"{model.artifact_location}/requirements.txt"
        )
        verdict = judge(
            config.gate,
            run.data.metrics[metric],
            find_champion(client, config, run),
            (
                *find_skew(requirements, config),
                *_too_costly(config.gate, run.data.metrics),
                *_own_reasons(client, config, run),
            ),
        )
        tags = _tags(verdict)
        # What an earlier verdict said of another champion holds no more.
        for key in run.data.tags:
            if key.startswith(TAG_PREFIX) and key not in tags:
                client.delete_tag(run_id, key)
        for key, value in tags.items():
            client.set_tag(run_id, key, value)
    return verdict


def _too_costly(gate: GateConfig, figures: Mapping[str, float]) -> Iterator[str]:
    """Say which limit of size or time a model exceeds."""
    limits = (
        (MODEL_MB, gate.max_model_mb, "MB in size", "gate.max_model_mb"),
        (ROW_MS, gate.max_row_ms, "ms for one row", "gate.max_row_ms"),
    )
    for name, limit, unit, key in limits:
        if figures.get(name, 0) > limit:
            yield (
                f"the model takes {figures[name]:.4g} {unit}, and {key} allows "
                f"{limit:.4g}: make it smaller, or raise the limit"
            )


def _own_reasons(client: MlflowClient, config: Config, run: Run) -> Iterator[str]:
    """Ask the owner's `hooks.gate`, with the figures of the run and the champion's."""
    hook = owner.hook(config, "gate")
    if hook is None:
        return
    version = champion_version(client, config.mlflow.registered_model)
    best = None
    if version is not None and version.run_id and version.run_id != run.info.run_id:
        best = dict(client.get_run(version.run_id).data.metrics)
    try:
        reason = hook(dict(run.data.metrics), best)
    # Whatever the owner's function raises.
    except Exception as error:
        raise PipelineError(
            f"hooks.gate fails: {type(error).__name__}: {error}"
            f"{owner.where(config, error)}"
        ) from error
    if reason is not None:
        yield str(reason)


def _tags(verdict: Verdict) -> dict[str, str]:
    tags = {
        "metric": verdict.gate.metric,
        "direction": verdict.gate.direction,
        "threshold": _number(verdict.gate.threshold),
        "value": _number(verdict.value),
        "passed": str(verdict.passed).lower(),
    }
    if verdict.champion:
        tags["champion_version"] = verdict.champion.version
        if verdict.champion.value is not None:
            tags["champion_value"] = _number(verdict.champion.value)
    return {TAG_PREFIX + key: value for key, value in tags.items()}


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(float(value))


def summary(verdict: Verdict) -> str:
    """Return the verdict as Markdown for the page of the workflow run."""
    champion = verdict.champion
    champion_name = f"champion v{champion.version}" if champion else "champion"
    if champion is None:
        champion_value = "none yet"
    elif champion.value is None:
        champion_value = "judged on other data"
    else:
        champion_value = f"{champion.value:.6g}"
    sign = "≥" if verdict.gate.direction == "maximize" else "≤"
    return (
        f"### {describe(verdict)}\n\n"
        f"| | {verdict.gate.metric} |\n| --- | --- |\n"
        f"| this model | {verdict.value:.6g} |\n"
        f"| threshold | {sign} {verdict.gate.threshold:.6g} |\n"
        f"| {champion_name} | {champion_value} |\n"
        + "".join(f"\n- {sentence}\n" for sentence in verdict.reasons)
    )


def main() -> None:
    """Judge the run at hand; raise GateFailed when it is not good enough."""
    verdict = gate(load_config(), tracking.run_id())
    tracking.add_summary(summary(verdict))
    if not verdict.passed:
        raise GateFailed(describe(verdict))
    print(describe(verdict))
