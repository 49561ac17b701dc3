"""Which files of a repository cannot change its model, its image or its delivery."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from pathlib import Path

from greenroom_ml.errors import PipelineError
from greenroom_ml.github.worktree import run_git

# Whatever is not named here can. `*` stands for folders, too.
CANNOT_CHANGE_THE_MODEL = (
    "*.md",
    "docs/*",
    "mkdocs.yml",
    "catalog-info.yaml",
    "notebooks/*",
    "tests/*",
    "LICENSE*",
    ".editorconfig",
    ".flake8",
    ".gitattributes",
    ".gitignore",
    ".github/CODEOWNERS",
    ".github/ISSUE_TEMPLATE/*",
    ".github/dependabot.yml",
    ".github/renovate.json",
    ".github/actions/triage/*",
    ".github/workflows/triage.yml",
)


def can_change_the_model(paths: Iterable[str]) -> list[str]:
    """Return those of the files that can change model, image or delivery."""
    return [
        path
        for path in paths
        if not any(
            fnmatch.fnmatchcase(path, pattern) for pattern in CANNOT_CHANGE_THE_MODEL
        )
    ]


def changed_paths(folder: Path, base: str, head: str = "HEAD") -> list[str] | None:
    """Return the files that differ between two commits, old and new names of moved.

    None: one of the commits is not here.
    """
    if base.startswith("-"):
        raise PipelineError(f"{base!r} is no commit")
    text = run_git(
        folder, "diff", "--name-only", "--no-renames", "-z", base, head, "--"
    )
    return None if text is None else [path for path in text.split("\0") if path]
