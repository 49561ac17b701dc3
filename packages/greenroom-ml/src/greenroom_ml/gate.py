"""The quality gate: is the model good enough, and no worse than the champion?

Its figure is the mean of a cross-validation, with a 95 % interval. A model fails that
is no better than a constant answer, whose interval lies below the threshold, that is
worse than the champion on the same held-out rows, too large or too slow; or that was
made by other versions of libraries than those which will serve it. Where the threshold
lies inside the interval nobody can tell, and `gate.when_unsure` says what happens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Iterator

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from . import judge as decisions
from . import owner, report, tracking
from .config import Config, GateConfig, load_config
from .errors import GateFailed, PipelineError
from .evaluation import CONSTANT, LINEAR, MODEL
from .judge import CANNOT_TELL, FAILED, Figures, Reason, Rule
from .pins import find_skew
from .spread import Interval

CHAMPION = "champion"
TAG_PREFIX = "greenroom.gate."
MODEL_MB, ROW_MS = "model_mb", "row_ms"
# What a training leaves with its run for the gate.
EVALUATION, SPLIT = "evaluation.json", "split.json"


@dataclass(frozen=True)
class Champion:
    """The version that holds the alias `champion`, beside the candidate.

    `value` and `beside`: its metric and the candidate's on the same held-out rows;
    `over`: by how much the candidate's is more. None of them: not to be compared, and
    `note` says why.
    """

    name: str
    version: str
    value: float | None = None
    beside: float | None = None
    over: Interval | None = None
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the gate decided, and from which figures."""

    gate: GateConfig
    figures: Figures
    champion: Champion | None
    decision: decisions.Verdict

    @property
    def passed(self) -> bool:
        """Whether the model may be registered."""
        return self.decision.passes

    @property
    def value(self) -> float:
        """The gate's metric of the model."""
        return self.figures.value.mean


def judge(
    gate: GateConfig,
    figures: Figures,
    champion: Champion | None = None,
    others: tuple[Reason, ...] = (),
) -> Verdict:
    """Decide by figures and by `others`, checks that were made elsewhere."""
    rule = Rule(
        gate.metric,
        gate.threshold,
        gate.when_unsure,
        gate.max_model_mb,
        gate.max_row_ms,
        gate.direction == "maximize",
    )
    return Verdict(gate, figures, champion, decisions.judge(rule, figures, others))


def describe(verdict: Verdict) -> str:
    """Say the verdict in one line: by how much, against which champion, and why."""
    gate, value = verdict.gate, verdict.value
    head = f"Gate {'passed' if verdict.passed else 'FAILED'}: {gate.metric}"
    if math.isnan(value):
        return f"{head} is not a number on the held-out rows"
    maximize = gate.direction == "maximize"
    show = _format(value, gate.threshold)
    if (value >= gate.threshold) if maximize else (value <= gate.threshold):
        sign, short = ("≥" if maximize else "≤"), ""
    else:
        distance = show(abs(value - gate.threshold))
        sign = "<" if maximize else ">"
        short = f", {distance} {'short' if maximize else 'too much'}"
    parts = [
        f"{head} {show(value)} {sign} {show(gate.threshold)} (threshold){short}",
        _champion_sentence(verdict),
    ]
    for reason in verdict.decision.reasons:
        is_said = reason.check in ("champion", "threshold")
        if reason.outcome == FAILED and not is_said:
            parts.append(reason.sentence)
        elif reason.outcome == CANNOT_TELL:
            parts.append(f"cannot tell: {reason.sentence}")
    return "; ".join(parts)


def _champion_sentence(verdict: Verdict) -> str:
    champion = verdict.champion
    if champion is None:
        return "there is no champion yet"
    name = f"champion {champion.name} v{champion.version}"
    if champion.value is None or champion.beside is None:
        return f"{name} is not compared: {champion.note}"
    show = _format(champion.value, champion.beside)
    sentence = f"{name} has {show(champion.value)}"
    lost = [each for each in verdict.decision.reasons if each.check == "champion"]
    if any(each.outcome == FAILED for each in lost):
        return f"{sentence}, {show(abs(champion.beside - champion.value))} better"
    return f"{sentence} where this model has {show(champion.beside)}"


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


def gate(config: Config, run_id: str) -> Verdict:
    """Judge a run and write the verdict into its tags."""
    with tracking.mlflow_connection() as client:
        run = client.get_run(run_id)
        found = _evaluation(run, config)
        champion = _champion(client, config, run)
        model = client.get_logged_model(tracking.model_id(run))
        requirements = mlflow.artifacts.load_text(
            f"{model.artifact_location}/requirements.txt"
        )
        skew = find_skew(requirements, config)
        verdict = judge(
            config.gate,
            _figures(found, run, champion, config.gate.metric),
            champion,
            (
                *(Reason("libraries", FAILED, sentence) for sentence in skew),
                *_own_reasons(client, config, run),
            ),
        )
        client.log_text(run_id, report.verdict_markdown(verdict.decision), "verdict.md")
        tags = _tags(verdict)
        # What an earlier verdict said of another champion holds no more.
        for key in run.data.tags:
            if key.startswith(TAG_PREFIX) and key not in tags:
                client.delete_tag(run_id, key)
        for key, value in tags.items():
            client.set_tag(run_id, key, value)
    return verdict


def _evaluation(run: Run, config: Config) -> dict[str, Any]:
    metric = config.gate.metric
    try:
        found = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/{EVALUATION}")
    except (MlflowException, OSError) as error:
        raise PipelineError(
            f"MLflow run {run.info.run_id} has no {EVALUATION}: its training did not "
            "finish, train again"
        ) from error
    if metric not in found["values"][MODEL]:
        raise PipelineError(
            f"MLflow run {run.info.run_id} has no metric {metric} (gate.metric), but "
            f"{', '.join(found['values'][MODEL])}"
        )
    return found


def _figures(
    found: dict[str, Any], run: Run, champion: Champion | None, metric: str
) -> Figures:
    def interval(kind: str, name: str) -> Interval | None:
        fields = found[kind].get(name, {}).get(metric)
        return _interval(fields) if fields else None

    nothing = Interval(math.nan, -math.inf, math.inf, 0)
    name = f"champion {champion.name} v{champion.version}" if champion else "champion"
    return Figures(
        value=interval("values", MODEL) or nothing,
        constant=interval("values", CONSTANT) or nothing,
        over_constant=interval("over", CONSTANT) or nothing,
        linear=interval("values", LINEAR),
        over_linear=interval("over", LINEAR),
        over_champion=champion.over if champion else None,
        champion=name,
        model_mb=run.data.metrics.get(MODEL_MB),
        row_ms=run.data.metrics.get(ROW_MS),
    )


def _interval(fields: dict[str, Any]) -> Interval:
    """Return an interval as JSON holds it, which has no infinity."""
    mean, low, high = (fields[name] for name in ("mean", "low", "high"))
    return Interval(
        math.nan if mean is None else mean,
        -math.inf if low is None else low,
        math.inf if high is None else high,
        fields["rows"],
        fields["how"],
    )


def _champion(client: MlflowClient, config: Config, run: Run) -> Champion | None:
    """Hold the champion beside the run; None if there is none, or it is this run's."""
    version = champion_version(client, config.mlflow.registered_model)
    if version is None or version.run_id == run.info.run_id:
        return None
    # Only here: it needs the data, which a first model's gate does not.
    from .champion import compare

    return compare(client, config, run, version)


def _own_reasons(client: MlflowClient, config: Config, run: Run) -> Iterator[Reason]:
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
        yield Reason("hooks.gate", FAILED, str(reason))


def _tags(verdict: Verdict) -> dict[str, str]:
    figures = verdict.figures
    tags = {
        "metric": verdict.gate.metric,
        "direction": verdict.gate.direction,
        "threshold": _number(verdict.gate.threshold),
        "value": _number(verdict.value),
        "low": _number(figures.value.low),
        "high": _number(figures.value.high),
        "constant": _number(figures.constant.mean),
        "outcome": verdict.decision.outcome,
        "passed": str(verdict.passed).lower(),
        "reason": describe(verdict)[:4000],
    }
    if figures.linear is not None:
        tags["linear"] = _number(figures.linear.mean)
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
    figures, champion = verdict.figures, verdict.champion
    sign = "≥" if verdict.gate.direction == "maximize" else "≤"
    rows = {
        "this model, mean and 95 % interval": str(figures.value),
        "threshold": f"{sign} {verdict.gate.threshold:.6g}",
        "the same answer to every row": f"{figures.constant.mean:.6g}",
    }
    if figures.linear is not None:
        rows["a linear model"] = f"{figures.linear.mean:.6g}"
    if champion is None:
        rows["champion"] = "none yet"
    elif champion.value is None or champion.beside is None:
        rows[f"champion v{champion.version}"] = "not compared"
    else:
        rows[f"champion v{champion.version}, on the same rows"] = (
            f"{champion.value:.6g}; this model {champion.beside:.6g}"
        )
    table = "".join(f"| {name} | {value} |\n" for name, value in rows.items())
    return (
        f"### {describe(verdict)}\n\n"
        f"| | {verdict.gate.metric} |\n| --- | --- |\n{table}\n"
        f"{report.verdict_markdown(verdict.decision)}"
    )


def main() -> None:
    """Judge the run at hand; raise GateFailed when it is not good enough."""
    verdict = gate(load_config(), tracking.run_id())
    tracking.add_summary(summary(verdict))
    for reason in verdict.decision.reasons:
        print(f"{reason.check}: {reason.outcome}. {reason.sentence}.")
    if not verdict.passed:
        raise GateFailed(describe(verdict))
    print(describe(verdict))
