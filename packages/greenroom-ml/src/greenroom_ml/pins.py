"""Compares the libraries that made a model with those that are to load it.

A pickle that another version reads may fail, or answer differently without a word.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError

# The same library under another name.
SAME = {"mlflow-skinny": "mlflow", "xgboost-cpu": "xgboost"}


def find_skew(requirements: str, config: Config) -> tuple[str, ...]:
    """Return a sentence for each library that does not fit; none when all do.

    `requirements` is the text of the requirements.txt that MLflow keeps with a model.
    """
    made_by = _pins(requirements)
    serving = config.serving
    if serving.kind == "image":
        return tuple(_against_lock(made_by, config.directory / serving.lock_file))
    return tuple(_against_server(made_by, serving.requirements))


def find_python_skew(mlmodel: dict[str, Any], there: str | None = None) -> str | None:
    """Return a sentence when another Python made the pickle than is to load it.

    `mlmodel` is the content of the model's file MLmodel. `there`: the Python that loads
    it, such as the image's (`image_python`); the one that runs this, if none is given.
    What is no pickle of the owner's functions (a booster, an ONNX graph) is loaded by
    any Python.
    """
    flavors = mlmodel.get("flavors", {})
    made_by = str(flavors.get("python_function", {}).get("python_version", ""))
    there = there or sys.version.split()[0]
    if "sklearn" not in flavors or not made_by:
        return None
    if made_by.split(".")[:2] == there.split(".")[:2]:
        return None
    return (
        f"the model was made by Python {made_by}, but Python {there} is to load it: a "
        "pickle of one may not load in the other; make the environment with the Python "
        "of .python-version, or train again"
    )


def image_python(folder: Path) -> str | None:
    """Return the Python of the image: the Dockerfile's, or what `.python-version` says.

    None where neither says, as where KServe's own server loads the model.
    """
    for name, pattern in (
        ("Dockerfile", r"^FROM python:([\d.]+)"),
        (".python-version", r"^([\d.]+)"),
    ):
        path = folder / name
        found = (
            re.findall(pattern, path.read_text("utf-8"), re.MULTILINE)
            if path.is_file()
            else []
        )
        if found:
            return str(found[-1]).rstrip(".")
    return None


def check_locks(folder: Path) -> None:
    """Raise PipelineError when a lock file does not hold what its `.in` asks for.

    What both requirements.in and requirements-serve.in ask for must be locked in one
    version, and the image have the Python of `.python-version`.
    """
    for file in sorted(folder.glob("requirements*.in")):
        lock = file.with_suffix(".lock")
        try:
            wanted, locked = file.read_text("utf-8"), lock.read_text("utf-8")
        except OSError as error:
            raise PipelineError(f"{lock.name} cannot be read: {error}") from error
        for line in wanted.splitlines():
            text = line.partition("#")[0].strip()
            if text.startswith("./"):
                if f"{text} " not in locked:
                    raise PipelineError(f"{text} is not in {lock.name}: make lock")
            elif text:
                _expect_locked(Requirement(text), locked, lock.name)
    _expect_one_version(folder)
    _expect_one_python(folder)


def _expect_one_version(folder: Path) -> None:
    train, serve = (folder / f"requirements{each}.lock" for each in ("", "-serve"))
    if not serve.is_file():
        return
    trained, served = _locked(train), _locked(serve)
    for name in sorted(_asked(folder, train) & _asked(folder, serve)):
        if set(trained[name]) != set(served[name]):
            raise PipelineError(
                f"{train.name} holds {name} {' or '.join(trained[name])}, but "
                f"{serve.name} {' or '.join(served[name])}: ask for the same version "
                "in both .in files and run `make lock`"
            )


def _expect_one_python(folder: Path) -> None:
    pin, dockerfile = folder / ".python-version", folder / "Dockerfile"
    if not (pin.is_file() and dockerfile.is_file()):
        return
    wanted = pin.read_text("utf-8").strip()
    for version in re.findall(
        r"^FROM python:([\d.]+)", dockerfile.read_text("utf-8"), re.MULTILINE
    ):
        if version.split(".")[:2] != wanted.split(".")[:2]:
            raise PipelineError(
                f"The Dockerfile begins from Python {version}, but .python-version, "
                f"which training and CI obey, says {wanted}: a pickle of one may not "
                "load in the other, write the same into both"
            )


def _asked(folder: Path, lock: Path) -> set[str]:
    lines = lock.with_suffix(".in").read_text("utf-8").splitlines()
    texts = (line.partition("#")[0].strip() for line in lines)
    asked = (Requirement(text) for text in texts if text and text[:2] != "./")
    return {_name(each.name) for each in asked}


def _expect_locked(requirement: Requirement, locked: str, name: str) -> None:
    package = re.escape(canonicalize_name(requirement.name))
    versions = re.findall(rf"^{package}==([^\s;]+)", locked, re.MULTILINE)
    if not versions:
        raise PipelineError(f"{requirement} is not in {name}: make lock")
    for version in versions:
        if not requirement.specifier.contains(version):
            raise PipelineError(
                f"{name} holds {requirement.name} {version}, but {requirement} is "
                "asked for: make lock"
            )


def _against_server(made_by: dict[str, str], wanted: list[str]) -> list[str]:
    sentences = []
    for requirement in map(Requirement, wanted):
        version = made_by.get(_name(requirement.name))
        if version and not requirement.specifier.contains(
            Version(version).base_version
        ):
            sentences.append(
                f"KServe's server loads {requirement}, but the model was made by "
                f"{requirement.name} {version}: put {requirement} into "
                "requirements.in, run `make lock` and train again"
            )
    return sentences


def _against_lock(made_by: dict[str, str], path: Path) -> list[str]:
    served_by = _locked(path)
    sentences = []
    for name, version in made_by.items():
        if name not in served_by:
            sentences.append(
                f"the image has no {name} ({path.name}), which the model needs: add it "
                f"to {path.stem}.in and run `make lock`"
            )
        elif version not in served_by[name]:
            sentences.append(
                f"the image has {name} {' or '.join(served_by[name])} ({path.name}), "
                f"but the model was made by {version}: ask for the same in "
                f"requirements.in and {path.stem}.in, run `make lock` and train again"
            )
    return sentences


def _locked(path: Path) -> dict[str, list[str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PipelineError(f"{path.name} cannot be read: {error}") from error
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.M):
        versions.setdefault(_name(name), []).append(version)
    return versions


def _pins(requirements: str) -> dict[str, str]:
    pins = {}
    for line in requirements.splitlines():
        try:
            requirement = Requirement(line.partition("#")[0].strip())
        except InvalidRequirement:
            continue
        for specifier in requirement.specifier:
            if specifier.operator == "==":
                pins[_name(requirement.name)] = specifier.version
    return pins


def _name(name: str) -> str:
    canonical = canonicalize_name(name)
    return SAME.get(canonical, canonical)
