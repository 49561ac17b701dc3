"""What a job tells later jobs and people; text that it did not write is code to it."""

from __future__ import annotations

import os

MAX_TEXT = 300


def set_output(name: str, value: str) -> None:
    """Hand a value to later jobs of the workflow; does nothing on a laptop."""
    _append(os.environ.get("GITHUB_OUTPUT"), f"{name}={value}\n")


def add_summary(markdown: str) -> None:
    """Show Markdown on the page of the workflow run; does nothing on a laptop."""
    _append(os.environ.get("GITHUB_STEP_SUMMARY"), f"{markdown}\n")


def code(text: str, limit: int = MAX_TEXT) -> str:
    """Return foreign text as code of Markdown: no link, mention, picture or HTML.

    One line, at most `limit` characters; usable in a table, too.
    https://github.github.com/gfm/#code-spans
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(plain.replace("`", "'").replace("|", "/").split())
    if len(line) > limit:
        line = f"{line[: limit - 1]}…"
    return f"`{line}`" if line else "–"


def _append(path: str | None, text: str) -> None:
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
