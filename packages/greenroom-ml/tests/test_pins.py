"""A model is not served by other versions of libraries than those that made it."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest
from conftest import Repository

from greenroom_ml import pins
from greenroom_ml.errors import PipelineError
from greenroom_ml.models import models, prepare

MADE_BY = "mlflow==3.17.2\nnumpy==2.2.6  # pinned\nscikit-learn==1.5.2\nsome words\n"


def test_what_a_repository_trains_can_be_loaded_where_it_is_served(
    repository: Repository,
) -> None:
    loaded = repository.configure()
    made_by = models.model_requirements(prepare.make_estimator(loaded))
    assert len(made_by) >= 6
    for requirement in made_by:
        name, _, pinned = requirement.partition("==")
        assert version(name).partition("+")[0] == pinned
    assert pins.find_skew("\n".join(made_by), loaded) == ()


def test_the_lock_files_hold_what_is_asked_for(repository: Repository) -> None:
    pins.check_locks(repository.folder)
    wanted = repository.folder / "requirements.in"
    for line, message in (
        ("numpy <2\n", "requirements.lock holds numpy 2.* but numpy<2 is asked for"),
        ("polars\n", "polars is not in requirements.lock: make lock"),
        ("./vendor/other.whl\n", "other.whl is not in requirements.lock: make lock"),
    ):
        wanted.write_text(line)
        with pytest.raises(PipelineError, match=message):
            pins.check_locks(repository.folder)


def test_training_and_image_have_the_same_libraries_and_python(
    repository: Repository,
) -> None:
    folder = repository.folder
    (folder / "requirements.in").write_text("numpy\nmlflow\n")
    (folder / "requirements.lock").write_text("numpy==2.4.6\nmlflow==3.17.2\n")
    (folder / "requirements-serve.in").write_text("numpy\nmlflow-skinny\n")
    serve = folder / "requirements-serve.lock"
    serve.write_text("numpy==2.4.6\nmlflow-skinny==3.17.2\n")
    pins.check_locks(folder)
    serve.write_text("numpy==2.4.6\nmlflow-skinny==3.17.1\n")
    with pytest.raises(PipelineError, match="holds mlflow 3.17.2, but .* 3.17.1"):
        pins.check_locks(folder)
    serve.write_text("numpy==2.4.6\nmlflow-skinny==3.17.2\n")

    (folder / ".python-version").write_text("3.11\n")
    dockerfile = folder / "Dockerfile"
    dockerfile.write_text("FROM python:3.11.16-slim@sha256:00 AS python\nFROM python\n")
    pins.check_locks(folder)
    dockerfile.write_text("FROM python:3.12-slim AS python\nFROM python\n")
    with pytest.raises(PipelineError, match="from Python 3.12, but .python-version"):
        pins.check_locks(folder)


def test_a_pickle_is_loaded_by_the_python_that_made_it() -> None:
    def skew(made_by: str, flavor: str = "sklearn") -> str | None:
        function = {"python_version": made_by}
        return pins.find_python_skew(
            {"flavors": {"python_function": function, flavor: {}}}
        )

    assert skew(sys.version.split()[0]) is None
    assert "made by Python 3.7.1, but Python" in (skew("3.7.1") or "")
    assert skew("3.7.1", "onnx") is None


def test_the_image_has_the_python_that_made_the_model(repository: Repository) -> None:
    folder = repository.folder
    assert pins.image_python(folder) is None
    (folder / ".python-version").write_text("3.11\n")
    assert pins.image_python(folder) == "3.11"
    (folder / "Dockerfile").write_text("FROM python:3.12.12-slim AS base\nFROM base\n")
    assert pins.image_python(folder) == "3.12.12"
    made_by = {"python_function": {"python_version": "3.11.7"}, "sklearn": {}}
    sentence = pins.find_python_skew({"flavors": made_by}, pins.image_python(folder))
    assert sentence is not None
    assert "made by Python 3.11.7, but Python 3.12.12 is to load it" in sentence
    made_by["python_function"]["python_version"] = "3.12.1"
    assert pins.find_python_skew({"flavors": made_by}, "3.12.12") is None


def test_the_server_of_kserve_names_what_it_loads(repository: Repository) -> None:
    def skew(*requirements: str) -> tuple[str, ...]:
        serving = {"kind": "storage-uri", "requirements": list(requirements)}
        return pins.find_skew(MADE_BY, repository.configure(serving=serving))

    assert skew("scikit-learn~=1.5.1", "numpy>=2", "joblib>=1.4") == ()
    [sentence] = skew("scikit-learn~=1.6.0", "numpy>=2")
    assert sentence.startswith(
        "KServe's server loads scikit-learn~=1.6.0, but the model was made by "
        "scikit-learn 1.5.2: put scikit-learn~=1.6.0 into requirements.in"
    )


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ("mlflow-skinny==3.17.2 \\\nnumpy==2.2.6\nscikit-learn==1.5.2\n", None),
        (
            "mlflow==3.17.2\nnumpy==2.1.0 ; python_full_version < '3.11' \\\n"
            "numpy==2.2.6 ; python_full_version >= '3.11'\nscikit-learn==1.5.2\n",
            None,
        ),
        (
            "mlflow==3.17.2\nnumpy==2.2.6\nscikit-learn==1.5.1\n",
            "the image has scikit-learn 1.5.1 (serve.lock), but the model was made by "
            "1.5.2",
        ),
        (
            "mlflow==3.17.2\nnumpy==2.2.6\n",
            "the image has no scikit-learn (serve.lock), which the model needs",
        ),
    ],
)
def test_the_image_has_what_made_the_model(
    repository: Repository, served: str, expected: str | None
) -> None:
    (repository.folder / "serve.lock").write_text(served)
    loaded = repository.configure(serving={"lock_file": "serve.lock"})
    found = pins.find_skew(MADE_BY, loaded)
    if expected is None:
        assert found == ()
    else:
        [sentence] = found
        assert sentence.startswith(expected)


def test_a_lock_file_that_is_gone_is_named(repository: Repository) -> None:
    loaded = repository.configure(serving={"lock_file": "serve.lock"})
    with pytest.raises(PipelineError, match="serve.lock cannot be read"):
        pins.find_skew(MADE_BY, loaded)
