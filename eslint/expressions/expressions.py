"""Regular expressions of Python files: where they are, and how long they take.

expressions.py find FILE...     prints them as JSON
expressions.py measure          reads [{source, flags, attacks}] from stdin
"""

import ast
import json
import re
import sys
import time
from pathlib import Path

FUNCTIONS = (
    "compile",
    "match",
    "fullmatch",
    "search",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
)
LENGTH = 8 * 1024
GROWTH = 8
LEAST = 0.02
MOST = 5


def constants(tree: ast.AST) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def text_of(node: ast.expr, names: dict[str, ast.expr], depth: int = 0) -> str:
    """What the source tells of a text; a word for what is known only when it runs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        return (
            node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        )
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part, names, depth) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return text_of(node.value, names, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return text_of(node.left, names, depth) + text_of(node.right, names, depth)
    if isinstance(node, ast.Name) and node.id in names and depth < 10:
        return text_of(names[node.id], names, depth + 1)
    return "x"


def calls_of(path: Path) -> tuple[list[ast.Call], dict[str, ast.expr]]:
    """The calls in a file; in a template, which is no Python yet, each read on its own."""
    text = path.read_text("utf-8")
    if path.suffix != ".njk":
        tree = ast.parse(text)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        return calls, constants(tree)
    calls = []
    for match in re.finditer(rf"\bre\.(?:{'|'.join(FUNCTIONS)})\(", text):
        end = match.end()
        while True:
            end = text.index(")", end) + 1
            try:
                call = ast.parse(text[match.start() : end], mode="eval").body
            except SyntaxError:
                continue
            call.lineno = text.count("\n", 0, match.start()) + 1
            calls.append(call)
            break
    return calls, {}


ANCHORED = ("match", "fullmatch")


def is_anchored(call: ast.Call, text: str) -> bool:
    """Whether it is tried at the beginning of a text only."""
    if call.func.attr != "compile":
        return call.func.attr in ANCHORED
    line = text.split("\n")[call.lineno - 1]
    name = re.match(r"(\w+) *(?::[^=]*)?= *re\.compile", line)
    uses = re.findall(rf"\b{name[1]}\.(\w+)", text) if name else []
    return bool(uses) and all(use in ANCHORED for use in uses)


def find(paths: list[str]) -> list[dict]:
    found = []
    for path in paths:
        calls, names = calls_of(Path(path))
        for node in calls:
            function = node.func
            if (
                node.args
                and isinstance(function, ast.Attribute)
                and isinstance(function.value, ast.Name)
                and function.value.id == "re"
                and function.attr in FUNCTIONS
            ):
                words = ast.unparse(node)
                flags = "".join(
                    letter
                    for letter, names_of in (
                        ("i", ("re.IGNORECASE", "re.I")),
                        ("m", ("re.MULTILINE", "re.M")),
                        ("s", ("re.DOTALL", "re.S")),
                    )
                    if any(
                        re.search(rf"{re.escape(name)}\b", words) for name in names_of
                    )
                )
                found.append(
                    {
                        "at": f"{path}:{node.lineno}",
                        "anchored": is_anchored(node, Path(path).read_text("utf-8")),
                        "source": text_of(node.args[0], names),
                        "flags": flags,
                    }
                )
    return found


def seconds(pattern: re.Pattern, text: str, anchored: bool) -> float:
    before = time.process_time()
    if anchored:
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        pattern.sub("", text)
    return time.process_time() - before


def is_slow(pattern: re.Pattern, attack: dict, anchored: bool) -> bool:
    def text(length: int) -> str:
        pump = attack["pump"] * max(1, length // len(attack["pump"]))
        return attack["prefix"] + pump + attack["suffix"]

    # From short to long: what is exponential is seen before it takes for ever.
    last = 0.0
    for length in (16, 22, 28, 64, 256, 1024, LENGTH // 2, LENGTH * 2):
        took = min(seconds(pattern, text(length), anchored), MOST)
        if took > LEAST and (took > GROWTH * max(last, LEAST / GROWTH) or took >= MOST):
            again = min(seconds(pattern, text(length), anchored), took)
            if again > GROWTH * max(last, LEAST / GROWTH):
                return True
        last = took
    return False


def measure(expressions: list[dict]) -> list[dict]:
    slow = []
    for expression in expressions:
        flags = 0
        for letter in expression["flags"]:
            flags |= {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}[letter]
        pattern = re.compile(expression["source"], flags)
        for attack in expression["attacks"]:
            if is_slow(pattern, attack, expression.get("anchored", False)):
                slow.append(
                    {"at": expression["at"], "source": expression["source"], **attack}
                )
                break
    return slow


if __name__ == "__main__":
    answer = (
        find(sys.argv[2:]) if sys.argv[1] == "find" else measure(json.load(sys.stdin))
    )
    json.dump(answer, sys.stdout)
