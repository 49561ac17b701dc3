"""The quality gate: is the model good enough, and no worse than the champion?

Its figure is the mean of a cross-validation, with a 95 % interval. A model fails that
is no better than a constant answer, whose interval lies below the threshold, that is
worse than the champion on the same held-out rows, too large or too slow; or that was
made by other versions of libraries than those which will serve it. Where the threshold
lies inside the interval nobody can tell, and `gate.when_unsure` says what happens.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any, Iterator

import mlflow
import yaml
from mlflow import MlflowClient
from mlflow.entities import LoggedModel, Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from greenroom_ml import owner
from greenroom_ml.comment import VERDICT
from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import GateFailed, PipelineError
from greenroom_ml.evaluation import report
from greenroom_ml.evaluation.evaluation import CONSTANT, LINEAR, MODEL
from greenroom_ml.evaluation.judge import FAILED, Figures, Reason
from greenroom_ml.evaluation.spread import Interval
from greenroom_ml.evaluation.verdict import Champion, Verdict, describe, judge, summary
from greenroom_ml.pins import find_python_skew, find_skew, image_python
from greenroom_ml.registry import tracking

CHAMPION = "champion"
TAG_PREFIX = "greenroom.gate."
MODEL_MB, ROW_MS = "model_mb", "row_ms"
# What a training leaves with its run for the gate.
EVALUATION, SPLIT = "evaluation.json", "split.json"


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
        skew = [*find_skew(requirements, config), *_python_skew(model, config)]
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


def _python_skew(model: LoggedModel, config: Config) -> list[str]:
    if config.serving.kind != "image":
        return []
    text = mlflow.artifacts.load_text(f"{model.artifact_location}/MLmodel")
    skew = find_python_skew(yaml.safe_load(text), image_python(config.directory))
    return [skew] if skew else []


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
    from greenroom_ml.evaluation.champion import compare

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
        "reason": verdict.decision.sentence[:4000],
    }
    failed = [each.check for each in verdict.decision.reasons if each.outcome == FAILED]
    if failed:
        tags["failed_checks"] = ",".join(failed)
    if figures.linear is not None:
        tags["linear"] = _number(figures.linear.mean)
    if verdict.champion:
        tags["champion_version"] = verdict.champion.version
        if verdict.champion.value is not None:
            tags["champion_value"] = _number(verdict.champion.value)
        if verdict.champion.beside is not None:
            # On the rows that judged the champion; `value` is of a cross-validation.
            tags["candidate_value"] = _number(verdict.champion.beside)
    return {TAG_PREFIX + key: value for key, value in tags.items()}


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(float(value))


def leave(verdict: Verdict) -> None:
    """Leave the verdict in reports/, for the job that comments a pull request."""
    figures, champion = verdict.figures, verdict.champion
    content = {
        "metric": verdict.gate.metric,
        "direction": verdict.gate.direction,
        "threshold": verdict.gate.threshold,
        "outcome": verdict.decision.outcome,
        "passed": verdict.passed,
        "value": figures.value,
        "constant": figures.constant.mean,
        "linear": figures.linear.mean if figures.linear else None,
        "champion": asdict(champion) if champion else None,
        "reasons": [asdict(reason) for reason in verdict.decision.reasons],
    }
    VERDICT.parent.mkdir(exist_ok=True)
    VERDICT.write_text(json.dumps(report.as_json(content)) + "\n", encoding="utf-8")
    tracking.set_output("judged", "true")


def _findings(run_id: str) -> str:
    """Return what the table showed in training: good figures may come of it."""
    with tracking.mlflow_connection() as client:
        uri = client.get_run(run_id).info.artifact_uri
        try:
            text = mlflow.artifacts.load_text(f"{uri}/findings.md")
        except (MlflowException, OSError):
            return ""
    return f"\nOf the table:\n\n{text}"


def main() -> None:
    """Judge the run at hand; raise GateFailed when it is not good enough."""
    run_id = tracking.run_id()
    verdict = gate(load_config(), run_id)
    leave(verdict)
    tracking.add_summary(summary(verdict) + _findings(run_id))
    for reason in verdict.decision.reasons:
        print(f"{reason.check}: {reason.outcome}. {reason.sentence}.")
    if not verdict.passed:
        raise GateFailed(describe(verdict))
    print(describe(verdict))
