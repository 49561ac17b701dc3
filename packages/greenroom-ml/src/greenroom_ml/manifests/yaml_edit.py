"""Replaces single values in a YAML text, in their place.

Comments, order, quotes and line ends stay as people wrote them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from greenroom_ml.errors import PipelineError


@dataclass(frozen=True)
class Named:
    """The item of a list whose `name` is this."""

    name: str

    def __str__(self) -> str:
        """Return it as kustomize writes it."""
        return f"[name={self.name}]"


# A key of a mapping, a place in a list, or the list's item of that name.
Step = str | int | Named
Values = Mapping[tuple[Step, ...], str | int | None]


def edit(path: str, text: str, values: Values) -> str:
    """Return the text with these values in the place of what is there.

    Raises PipelineError, with file and line, for YAML that such an edit could spoil.
    """
    root, expected = _parse(path, text)
    spots = []
    for keys, value in values.items():
        node = _find(path, text, root, keys)
        spots.append((node.start_mark.index, node.end_mark.index, node, value))
        parent = value_at(expected, keys[:-1])
        parent[keys[-1]] = value
    for start, end, node, value in sorted(spots, key=lambda spot: -spot[0]):
        if yaml.safe_load(text[start:end]) != value:
            text = text[:start] + _scalar(node, value) + text[end:]
    if yaml.safe_load(text) != expected:
        raise PipelineError(f"{path} cannot be edited: give each value its own line")
    return text


def _parse(path: str, text: str) -> tuple[yaml.Node | None, Any]:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if getattr(event, "anchor", None):
                raise PipelineError(
                    f"{_at(path, event.start_mark)}: write the value out; a hand-off "
                    "does not edit files with anchors or aliases"
                )
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = _at(path, mark) if mark else path
        problem = getattr(error, "problem", None) or error
        raise PipelineError(f"{where} is not YAML: {problem}") from error


def _find(
    path: str, text: str, node: yaml.Node | None, keys: tuple[Step, ...]
) -> yaml.ScalarNode:
    for depth, key in enumerate(keys):
        found = list(_children(node, key))
        if len(found) != 1:
            problem = "is missing" if not found else "is there more than once"
            where = _at(path, node.start_mark) if node else path
            raise PipelineError(f"{where}: {dotted(keys[: depth + 1])} {problem}")
        node = found[0]
    if not isinstance(node, yaml.ScalarNode) or node.style in ("|", ">"):
        raise PipelineError(
            f"{_at(path, node.start_mark)}: {dotted(keys)} must be one value on a line"
        )
    start = node.start_mark.index
    if start == node.end_mark.index or text[start] == "!":
        raise PipelineError(
            f"{_at(path, node.start_mark)}: {dotted(keys)} must have a plain value"
        )
    return node


def _children(node: yaml.Node | None, key: Step) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode) and isinstance(key, str):
        yield from (value for name, value in node.value if name.value == key)
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        yield from node.value[key : key + 1]
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, Named):
        for item in node.value:
            if any(name.value == key.name for name in _children(item, "name")):
                yield item


def _scalar(node: yaml.ScalarNode, value: str | int | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if node.style == "'":
        return "'" + value.replace("'", "''") + "'"
    if (
        node.style is None
        and re.fullmatch(r"[\w./:@+-]+", value)
        and yaml.safe_load(value) == value
    ):
        return value
    return json.dumps(value)


def load(path: str, text: str) -> Any:
    """Return what a text says; raise PipelineError where it is not plain YAML."""
    return _parse(path, text)[1]


def value_at(content: Any, keys: tuple[Step, ...]) -> Any:
    """Return the value at the end of these keys; None if there is none."""
    for key in keys:
        if isinstance(key, Named):
            items = content if isinstance(content, list) else []
            named = (item for item in items if value_at(item, ("name",)) == key.name)
            content = next(named, None)
        elif isinstance(key, int):
            content = content[key] if isinstance(content, list) and content else None
        else:
            content = content.get(key) if isinstance(content, dict) else None
    return content


def dotted(keys: tuple[Step, ...]) -> str:
    """Return the keys as people write them."""
    return ".".join(map(str, keys))


def _at(path: str, mark: yaml.Mark) -> str:
    return f"{path}:{mark.line + 1}"
