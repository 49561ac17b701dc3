"""Says in a sentence what pydantic found wrong in `config.yaml`."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel


def problem_sentence(problem: Any, model: type[BaseModel]) -> str:
    """Say in one sentence what is wrong with a field, and what it has to be."""
    kind, where = problem["type"], [str(part) for part in problem["loc"]]
    field, value = ".".join(where), problem["input"]
    if kind == "missing":
        return f"{field} is missing"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(
            where[-1], _keys(where[:-1], model), n=1, cutoff=0.5
        )
        hint = f"; did you mean {'.'.join([*where[:-1], near[0]])}?" if near else ""
        return f"{field} is not known{hint}"
    context = problem.get("ctx", {})
    if kind == "literal_error":
        wanted = f"one of {context['expected'].replace(chr(39), '')}"
    elif kind == "value_error":
        return f"{field} {context['error']}; it is {value!r}"
    else:
        wanted = _wanted(kind, context, problem["msg"])
    return f"{field} must be {wanted}; it is {value!r}"


def _wanted(kind: str, context: dict[str, Any], message: str) -> str:
    bounds = {
        "greater_than": "above {gt}",
        "less_than": "below {lt}",
        "greater_than_equal": "at least {ge}",
        "less_than_equal": "at most {le}",
    }
    if kind in bounds:
        return bounds[kind].format(**context)
    words = {
        "string_type": "a text",
        "float_type": "a number",
        "finite_number": "a number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "list_type": "a list",
        "dict_type": "a mapping",
        "model_type": "a mapping",
    }
    return words.get(kind, message)


def _keys(where: list[str], model: type[BaseModel]) -> list[str]:
    section: Any = model
    for part in where:
        field = section.model_fields.get(part)
        section = field.annotation if field else None
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            return []
    return list(section.model_fields)
