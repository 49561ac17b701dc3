"""What git says of the folder: its commit, and the files that are not committed."""

from __future__ import annotations

import subprocess
from pathlib import Path

SECONDS = 60


def run_git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints; None where it fails, or there is no git."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def commit(folder: Path) -> str | None:
    """Return the commit that the folder is at; None outside of a git repository."""
    head = run_git(folder, "rev-parse", "--verify", "HEAD")
    return head.strip() if head else None


def uncommitted(folder: Path) -> list[str] | None:
    """Return the changed and new files of a folder; None outside of a repository.

    What .gitignore names does not count.
    """
    # Names as they are, and a moved file as two.
    status = run_git(folder, "status", "--porcelain", "-z", "--no-renames", "--", ".")
    if status is None:
        return None
    return [entry[3:] for entry in status.split("\0") if entry]


def name_files(files: list[str]) -> str:
    """Return the first five of the files, and how many more there are."""
    names = ", ".join(files[:5])
    return names if len(files) <= 5 else f"{names} and {len(files) - 5} more"
