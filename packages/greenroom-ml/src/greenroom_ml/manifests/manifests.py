"""What a hand-off changes in the manifests of this model.

Nothing here reaches out: texts come in, texts go out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from greenroom_ml.errors import PipelineError
from greenroom_ml.manifests.yaml_edit import (
    Named,
    Step,
    Values,
    dotted,
    edit,
    load,
    value_at,
)

NAME = ("metadata", "name")
ANNOTATIONS = ("metadata", "annotations")
VERSION = (*ANNOTATIONS, "greenroom.dev/model-version")
RUN = (*ANNOTATIONS, "greenroom.dev/mlflow-run-id")
SOURCE_COMMIT = (*ANNOTATIONS, "greenroom.dev/source-commit")
CI_RUN = (*ANNOTATIONS, "greenroom.dev/ci-run-url")
IMAGE = (*ANNOTATIONS, "greenroom.dev/image")
WEIGHT = (*ANNOTATIONS, "greenroom.dev/canary-weight")
STORAGE_URI = ("spec", "predictor", "model", "storageUri")
PERCENT = ("spec", "predictor", "canaryTrafficPercent")

FORMS = {
    "model": r"[^\s/][^\r\n/]*",
    "run_id": r"[\w.-]{0,64}",
    "source_commit": r"([0-9a-f]{40}([0-9a-f]{24})?)?",
    "ci_run_url": r"(https?://[!-~]+)?",
    "image": r"([a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64})?",
    "storage_uri": r"([a-z0-9+]+://[!-~]+)?",
}


@dataclass(frozen=True)
class Release:
    """A version of the model and where it comes from; what is not known is empty."""

    model: str
    version: int
    run_id: str
    source_commit: str
    ci_run_url: str
    # One of the two: the image by digest, or the folder that KServe's server loads.
    image: str = ""
    storage_uri: str = ""

    def __post_init__(self) -> None:
        """Refuse what has not the form that the manifests and commits need."""
        for name, form in FORMS.items():
            value = getattr(self, name)
            if not re.fullmatch(form, value):
                raise PipelineError(f"{value!r} is not right for {name} of a release")
        if bool(self.image) == bool(self.storage_uri):
            raise PipelineError("A release has an image or a storage URI, not both")

    def values(self) -> Values:
        """Return what stands in a release.yaml."""
        where = {IMAGE: self.image} if self.image else {STORAGE_URI: self.storage_uri}
        return {
            VERSION: str(self.version),
            RUN: self.run_id,
            SOURCE_COMMIT: self.source_commit,
            CI_RUN: self.ci_run_url,
            **where,
        }


@dataclass(frozen=True)
class Change:
    """What is to be committed, below the model's folder; no files: nothing is."""

    sentence: str
    files: Mapping[str, str]
    release: Release | None = None


class Manifests:
    """The files of one model in one environment, as the GitOps repository has them."""

    def __init__(self, environment: str, model: str, files: Mapping[str, str]) -> None:
        """Take the files by their path below the model's folder."""
        self.environment = environment
        self.model = model
        self.files = files
        overlay = f"overlays/{environment}"
        self.release_file = f"{overlay}/release.yaml"
        self.stable_file = f"{overlay}/stable/release.yaml"
        self.canary_file = f"{overlay}/canary/release.yaml"
        self.route_file = f"{overlay}/httproute.yaml"

    @property
    def paths(self) -> list[str]:
        """Return the files that a hand-off looks at."""
        return [
            "model.yaml",
            self.release_file,
            self.stable_file,
            self.canary_file,
            self.route_file,
        ]

    @property
    def two_servers(self) -> bool:
        """Whether a route divides the traffic between a stable server and a canary."""
        return self.stable_file in self.files

    @property
    def main_file(self) -> str:
        """Return the path of the release that answers, or answers most."""
        return self.stable_file if self.two_servers else self.release_file

    def release(self, path: str) -> Release:
        """Return the release that stands in a file."""
        content = load(path, self.files[path])
        field = {key: value_at(content, key) for key in (RUN, SOURCE_COMMIT, CI_RUN)}
        version = str(value_at(content, VERSION))
        if not version.isdecimal():
            raise PipelineError(f"{path}: {dotted(VERSION)} must be a version number")
        return Release(
            self.model,
            int(version),
            *(str(value or "") for value in field.values()),
            image=str(value_at(content, IMAGE) or ""),
            storage_uri=str(value_at(content, STORAGE_URI) or ""),
        )

    def hand_off(
        self, seed: Mapping[str, str], release: Release, force: bool = False
    ) -> Change:
        """Put a release in; `seed` are the files of `deploy/` for the first time."""
        title = f"version {release.version} to {self.environment}"
        if "model.yaml" in self.files:
            _check_owner(self.files["model.yaml"], seed["model.yaml"])
            seed = {path: seed[path] for path in seed if path.startswith("overlays/")}
        if {self.release_file, self.stable_file} & set(self.files):
            now = self.latest_version()
            if not force and now == release.version:
                return Change(
                    f"Version {now} is in {self.environment} already: nothing to do", {}
                )
            if not force and now > release.version:
                return Change(
                    f"{self.environment} has version {now}, which is newer than "
                    f"{release.version}: left as it is (FORCE=1 hands it off still)",
                    {},
                )
            return self._changed(title, self._next(release), release)
        first = Manifests(self.environment, self.model, {**self.files, **seed})
        if first.main_file not in first.files:
            raise PipelineError(
                f"deploy/overlays/{self.environment} does not exist: "
                f"this repository was made without {self.environment}"
            )
        values = {
            path: release.values()
            for path in (first.main_file, first.canary_file)
            if path in first.files
        }
        # Taken as they are in deploy/, changed or not.
        return self._changed(title, {**seed, **first._edited(values)}, release)

    def latest_version(self) -> int:
        """Return the newest version that was handed to the environment."""
        paths = [self.main_file]
        if self.two_servers:
            paths.append(self.canary_file)
        return max(self.release(path).version for path in paths)

    def promote(self) -> Change:
        """Give the version on trial all of the traffic."""
        trial, share = self._trial()
        title = f"version {trial.version} gets all of the traffic of {self.environment}"
        if not share:
            return Change(f"There is no canary in {self.environment} to promote", {})
        if not self.two_servers:
            edits: dict[str, Values] = {self.main_file: {PERCENT: None}}
        else:
            edits = {self.main_file: trial.values(), self.route_file: self._weights(0)}
        return self._changed(title, self._edited(edits), trial)

    def rollback(self) -> Change:
        """Take the version on trial out of the traffic."""
        trial, share = self._trial()
        title = f"version {trial.version} out of the traffic of {self.environment}"
        if not share:
            return Change(
                f"There is no canary in {self.environment} to roll back. To go back to "
                "an older version, revert its commit, or hand that off with FORCE=1",
                {},
            )
        if not self.two_servers:
            edits: dict[str, Values] = {self.main_file: {PERCENT: 0}}
        else:
            stable = self.release(self.main_file)
            edits = {
                self.canary_file: stable.values(),
                self.route_file: self._weights(0),
            }
        return self._changed(title, self._edited(edits), trial)

    def _next(self, release: Release) -> dict[str, str]:
        values = dict(release.values())
        if self.two_servers:
            share = self._starting_share(self.canary_file)
            return self._edited(
                {self.canary_file: values, self.route_file: self._weights(share)}
            )
        if self._has_percent():
            values[PERCENT] = self._starting_share(self.main_file)
        return self._edited({self.main_file: values})

    def _trial(self) -> tuple[Release, int]:
        """Return the version on trial and its share of the traffic, in percent."""
        if self.two_servers:
            route = load(self.route_file, self._file(self.route_file))
            (share,) = [
                value_at(route, path)
                for path, value in self._weights(0).items()
                if value == 0
            ]
            return self.release(self.canary_file), int(share or 0)
        content = load(self.main_file, self._file(self.main_file))
        return self.release(self.main_file), int(value_at(content, PERCENT) or 0)

    def _weights(self, canary: int) -> Values:
        name = value_at(load(self.main_file, self.files[self.main_file]), NAME)
        backends: tuple[Step, ...] = ("spec", "rules", 0, "backendRefs")
        return {
            (*backends, Named(f"{name}-predictor"), "weight"): 100 - canary,
            (*backends, Named(f"{name}-canary-predictor"), "weight"): canary,
        }

    def _has_percent(self) -> bool:
        predictor = value_at(
            load(self.main_file, self.files[self.main_file]), PERCENT[:-1]
        )
        return isinstance(predictor, dict) and PERCENT[-1] in predictor

    def _starting_share(self, path: str) -> int:
        value = str(value_at(load(path, self._file(path)), WEIGHT))
        if not value.isdecimal() or not 1 <= int(value) <= 100:
            raise PipelineError(
                f"{path}: {dotted(WEIGHT)} must be 1 to 100; it is {value!r}"
            )
        return int(value)

    def _file(self, path: str) -> str:
        if path not in self.files:
            raise PipelineError(f"{path} is missing in the manifests of this model")
        return self.files[path]

    def _edited(self, edits: Mapping[str, Values]) -> dict[str, str]:
        return {
            path: edit(path, self._file(path), values) for path, values in edits.items()
        }

    def _changed(self, title: str, files: dict[str, str], release: Release) -> Change:
        changed = {
            path: text for path, text in files.items() if self.files.get(path) != text
        }
        if not changed:
            return Change(f"{title}: it is so already", {})
        return Change(title, changed, release)


def read_seed(deploy: Path, environment: str) -> dict[str, str]:
    """Return the files that the first hand-off to an environment brings."""
    folders = (deploy / "base", deploy / "overlays" / environment)
    paths = [deploy / "model.yaml"]
    paths += sorted(path for folder in folders for path in folder.rglob("*.yaml"))
    try:
        return {
            path.relative_to(deploy).as_posix(): path.read_bytes().decode("utf-8")
            for path in paths
        }
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"deploy/ cannot be read: {error}") from error


def _check_owner(theirs: str, ours: str) -> None:
    owner = str(value_at(load("model.yaml", theirs), ("repository",)))
    own = str(value_at(load("deploy/model.yaml", ours), ("repository",)))
    if owner.lower() != own.lower():
        raise PipelineError(
            f"The manifests of this model belong to {owner}, not to {own}: "
            "rename one of the models, or correct repository in its model.yaml"
        )
