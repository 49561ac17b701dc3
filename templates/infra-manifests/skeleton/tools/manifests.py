"""What the checks share: YAML that knows its lines, what kustomize builds, and how a problem is told."""

import functools
import os
import pathlib
import sys
from typing import NamedTuple

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
MERGE = "tag:yaml.org,2002:merge"
NOT_OURS = {".build", ".git", ".greenroom", ".tools", ".venv", "schemas"}


class Problem(NamedTuple):
    """Something to put right: where, and what would be right."""

    file: str
    line: int
    message: str


class Map(dict):
    """A mapping that knows where it and its keys stand."""

    line = 1

    def __init__(self):
        super().__init__()
        self.lines = {}

    def line_of(self, key):
        return self.lines.get(key, self.line)


Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(Fast):
    """Refuses a key that is there twice, of which YAML keeps the last in silence."""

    def mapping(self, node):
        written = [key.value for key, _ in node.value if key.tag != MERGE]
        for key, _ in node.value:
            if key.tag != MERGE and written.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} is there twice", key.start_mark
                )
        self.flatten_mapping(node)
        result = Map()
        result.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            result[key] = self.construct_object(value_node, deep=True)
            result.lines[key] = key_node.start_mark.line + 1
        return result


Loader.add_constructor("tag:yaml.org,2002:map", Loader.mapping)


class Unreadable(Exception):
    """A file that is not YAML."""

    def __init__(self, problem):
        super().__init__(problem.message)
        self.problem = problem


def name_of(path):
    return pathlib.Path(path).resolve().relative_to(ROOT).as_posix()


@functools.cache
def documents(path):
    """The documents of a file, empty ones left out."""
    try:
        text = path.read_text(encoding="utf-8")
        return [each for each in yaml.load_all(text, Loader) if each is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(Problem(name_of(path), line, f"{error.problem}")) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = str(error).splitlines()[0]
        raise Unreadable(Problem(name_of(path), 1, message)) from error


def document(path):
    """The one document of a file."""
    found = documents(path)
    if len(found) != 1 or not isinstance(found[0], Map):
        message = "one YAML document with fields is expected here"
        raise Unreadable(Problem(name_of(path), 1, message))
    return found[0]


def yaml_files():
    for path in sorted(ROOT.rglob("*.y*ml")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in (".yaml", ".yml") and not NOT_OURS & set(parts):
            yield path


def overlays():
    """The folders of which Argo CD makes an Application each."""
    return sorted(each for each in ROOT.glob("models/*/overlays/*") if each.is_dir())


def roots():
    """Everything that Argo CD applies."""
    return [ROOT / "argocd", ROOT / "platform", *overlays()]


def built(folder):
    """Where `make build` puts what kustomize makes of a folder."""
    return BUILD / "manifests" / folder.relative_to(ROOT).with_suffix(".yaml")


def sources(folder, seen=None):
    """The files that a kustomization is made of, its own before those of its bases."""
    seen = set() if seen is None else seen
    file = folder / "kustomization.yaml"
    if file in seen or not file.is_file():
        return
    seen.add(file)
    try:
        kustomization = document(file)
    except Unreadable:
        return
    entries = list(kustomization.get("resources") or [])
    entries += [
        each["path"]
        for each in kustomization.get("patches") or []
        if isinstance(each, dict) and "path" in each
    ]
    paths = [(folder / each).resolve() for each in entries if isinstance(each, str)]
    yield from (each for each in paths if each.is_file())
    for each in paths:
        if each.is_dir():
            yield from sources(each, seen)


def origin(folder, kind, name):
    """File and line of the source of an object; the kustomization itself if there is none."""
    best = (name_of(folder / "kustomization.yaml"), 1, 0)
    for file in sources(folder):
        try:
            found = documents(file)
        except Unreadable:
            continue
        for each in found:
            metadata = each.get("metadata") if isinstance(each, Map) else None
            own = metadata.get("name") if isinstance(metadata, Map) else None
            if each.get("kind") != kind or not isinstance(own, str):
                continue
            # The whole object rather than a patch, the full name rather than a part.
            rank = (4 if name == own else 2 if name.startswith(own) else 0) + (
                "/base/" in f"/{name_of(file)}"
            )
            if rank > best[2]:
                best = (name_of(file), each.line, rank)
    return best[:2]


def note(file, message):
    """Tell what is worth doing, but no reason to stop."""
    print(f"{file}: {message}")
    if os.environ.get("GITHUB_ACTIONS"):
        print(f"::notice file={file}::{message}")


def finish(what, problems):
    """Tell all problems, on GitHub at their lines, and end."""
    for each in problems:
        print(f"{each.file}:{each.line}: {each.message}", file=sys.stderr)
        if os.environ.get("GITHUB_ACTIONS"):
            text = each.message.replace("%", "%25").replace("\n", "%0A")
            print(f"::error file={each.file},line={each.line}::{text}")
    if problems:
        sys.exit(1)
    print(what)
