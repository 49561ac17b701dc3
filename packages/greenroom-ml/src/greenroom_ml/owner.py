"""Finds the owner's functions: modules of `src/<package>`, named in `config.yaml`."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable

from greenroom_ml.config import Config
from greenroom_ml.errors import PipelineError


def package(config: Config) -> ModuleType:
    """Import the owner's package, which holds all other modules."""
    module(config, "model")
    return sys.modules[config.package]


def module(config: Config, name: str) -> ModuleType:
    """Import `src/<package>/<name>.py`; raise PipelineError where that fails."""
    source = str((config.directory / "src").resolve())
    if source not in sys.path:
        sys.path.insert(0, source)
    full_name = f"{config.package}.{name}"
    try:
        return importlib.import_module(full_name)
    except ModuleNotFoundError as error:
        if error.name in (config.package, full_name):
            raise PipelineError(
                f"There is no module {full_name} in src/ (config.yaml: package)"
            ) from error
        raise PipelineError(
            f"{full_name} imports {error.name}, which is not installed: add it to "
            "requirements.in, run `make lock` and `make install`"
        ) from error


def expect_module(config: Config, name: str) -> None:
    """Raise PipelineError unless `src/<package>/<name>.py` is there."""
    package(config)
    if importlib.util.find_spec(f"{config.package}.{name}") is None:
        raise PipelineError(f"There is no file src/{config.package}/{name}.py")


def function(config: Config, module_name: str, name: str) -> Callable[..., Any]:
    """Return a function of the owner's; raise PipelineError if there is none."""
    found = getattr(module(config, module_name), name, None)
    if not callable(found):
        raise PipelineError(
            f"src/{config.package}/{module_name}.py has no function {name}, which "
            "greenroom-ml calls"
        )
    return found


def optional(config: Config, module_name: str, name: str) -> Callable[..., Any] | None:
    """Return a function that an owner may have; None if it, or its file, is missing."""
    package(config)
    if importlib.util.find_spec(f"{config.package}.{module_name}") is None:
        return None
    found = getattr(module(config, module_name), name, None)
    return found if callable(found) else None


def hook(config: Config, name: str) -> Callable[..., Any] | None:
    """Return the function that `hooks.<name>` of `config.yaml` names, if it does."""
    where: str | None = getattr(config.hooks, name)
    if where is None:
        return None
    module_name, _, function_name = where.partition(":")
    # With or without the package's own name before it.
    module_name = module_name.removeprefix(f"{config.package}.")
    try:
        return function(config, module_name, function_name)
    except PipelineError as error:
        raise PipelineError(f"config.yaml: hooks.{name}: {error}") from error


def where(config: Config, error: BaseException) -> str:
    """Say where in the owner's files an exception was raised, for a sentence's end."""
    source = (config.directory / "src" / config.package).resolve()
    found = [
        f" ({os.path.relpath(frame.filename, source.parent)}, line {frame.lineno})"
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(f"{source}/")
    ]
    return found[-1] if found else ""
