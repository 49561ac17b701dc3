"""`config.yaml` is read, and what is wrong in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from conftest import Repository
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom_ml import config, errors
from greenroom_ml.errors import GateFailed, PipelineError


@pytest.mark.parametrize(
    ("section", "field", "value", "message"),
    [
        ("data", "dataset", "mnist", "data.dataset must be one of csv, breast_cancer"),
        ("data", "dataset", "diabetes", "model.task must be regression"),
        ("data", "dataset", "csv", "data.csv_file is missing"),
        ("data", "leave_out", {"target": "x"}, "must not name the target 'target'"),
        ("split", "test_size", 1.5, "split.test_size must be below 1.*; it is 1.5"),
        ("split", "test_size", "1", "split.test_size must be a number; it is '1'"),
        ("split", "by", "group", "split.column is missing"),
        ("split", "colum", "x", "split.colum is not known; did you mean split.column"),
        ("model", "task", ..., "model.task is missing"),
        ("model", "seed", 0.5, "model.seed must be a whole number; it is 0.5"),
        ("model", "seed", True, "model.seed must be a whole number; it is True"),
        ("model", "seed", -1, "model.seed must be at least 0"),
        ("model", "parameters", [1], "model.parameters must be a mapping"),
        ("gate", "metric", "rmse", "gate.metric must be one of accuracy"),
        ("gate", "direction", "up", "gate.direction must be one of maximize or min"),
        ("gate", "threshold", "high", "gate.threshold must be a number; it is 'high'"),
        ("gate", "threshold", float("nan"), "gate.threshold must be a number"),
        ("gate", "max_row_ms", 0, "gate.max_row_ms must be above 0"),
        ("mlflow", "registered_model", " ", "registered_model must be a text that is"),
        ("mlflow", "registered_model", 5, "mlflow.registered_model must be a text"),
        ("serving", "kind", "cloud", "serving.kind must be one of image or storage-ur"),
        ("serving", "kind", "storage-uri", "serving.requirements is missing"),
        ("serving", "requirements", ["a = 1"], "must be a requirement such as"),
        ("serving", "requirements", 5, "serving.requirements must be a list"),
        ("hooks", "gate", "rules", "hooks.gate must name a function as module:func"),
    ],
)
def test_an_error_names_the_field(
    repository: Repository, section: str, field: str, value: object, message: str
) -> None:
    loaded = repository.configure(gate={"threshold": "9e-1"})
    assert loaded.gate.threshold == 0.9
    assert (loaded.gate.direction, loaded.split.by) == ("maximize", "rows")
    changed = {**repository.content.get(section, {}), field: value}
    if value is ...:
        del changed[field]
    repository.content[section] = {}
    with pytest.raises(PipelineError, match=message):
        repository.configure(**{section: changed})


def test_every_wrong_field_is_named_at_once(repository: Repository) -> None:
    repository.content["mdel"] = repository.content.pop("model")
    with pytest.raises(PipelineError) as refused:
        repository.configure(gate={"threshold": "x"})
    assert "model is missing" in str(refused.value)
    assert "mdel is not known; did you mean model?" in str(refused.value)
    assert "gate.threshold must be a number; it is 'x'" in str(refused.value)


def test_less_is_better_where_the_metric_says_so(repository: Repository) -> None:
    wanted = {"metric": "rmse", "threshold": 70}
    loaded = repository.configure(
        data={"dataset": "diabetes"}, model={"task": "regression"}, gate=wanted
    )
    assert loaded.gate.direction == "minimize"
    assert loaded.changed(gate={"threshold": 60.0}).gate.direction == "minimize"


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "model", "gate", "by", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ANYTHING)
def test_whatever_stands_in_the_file_is_an_error_in_words(
    tmp_path: Path, content: object
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(PipelineError, match="config.yaml"):
        config.load_config(path)


def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="cannot be read"):
        config.load_config(tmp_path / "config.yaml")
    (tmp_path / "config.yaml").write_text("just a text")
    with pytest.raises(PipelineError, match="must hold the sections"):
        config.load_config(tmp_path / "config.yaml")


def test_a_step_ends_with_an_exit_code_that_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failed_gate() -> None:
        raise GateFailed("50% only\n::warning::injected")

    def misused() -> None:
        raise PipelineError("set it")

    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    with pytest.raises(SystemExit) as misuse:
        errors.run_step(misused)
    assert misuse.value.code == 2
    assert capsys.readouterr().err == "set it\n"

    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    with pytest.raises(SystemExit) as failure:
        errors.run_step(failed_gate)
    assert failure.value.code == 1
    assert capsys.readouterr().out == "::error::50%25 only ::warning::injected\n"


def test_nothing_trains_by_itself_unless_the_owner_says_so(
    repository: Repository,
) -> None:
    assert not repository.configure().drift.retrain
    assert repository.configure(drift={"retrain": True}).drift.retrain
    for wrong in ({"retrain": "yes"}, {"retrain": 1}, {"retrian": True}):
        repository.content.pop("drift")
        with pytest.raises(PipelineError, match=r"drift\.retrai?n?"):
            repository.configure(drift=wrong)
