"""Holds a repository that the template has rendered against what the template promises.

REPOSITORY names the rendered folder, VALUES a JSON file with the values it was rendered
from. Any Python with PyYAML runs it, that of `make install` among them:

    REPOSITORY=… VALUES=… python templates/model-service/tests/test_rendered_repository.py
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import unittest
from pathlib import Path

import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(os.environ["REPOSITORY"])
VALUES = json.loads(Path(os.environ["VALUES"]).read_text(encoding="utf-8"))
# What the tools leave behind when the repository was used before.
MADE = set(
    """.git .pytest_cache .ruff_cache .venv .venv-serve __pycache__ mlflow.db mlruns
    reports""".split()
)
FILES = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob("*")
    if path.is_file()
    and path.name != ".coverage"
    and not MADE & set(path.relative_to(ROOT).parts)
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def workflows() -> list[Path]:
    return sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def locked(path: Path) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE
    ):
        versions.setdefault(name, set()).add(version)
    return versions


def check_workflow(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    for name, job in workflow["jobs"].items():
        assert "permissions" in job and "timeout-minutes" in job, name
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), step
            else:
                assert "${{" not in step["run"], step
                if name != "required":
                    command, target = step["run"].split()
                    assert command == "make" and target in targets, step
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
    assert set(workflow["jobs"]["required"]["needs"]) == set(workflow["jobs"]) - {
        "required"
    }
    # Every pin says which release it is.
    assert len(re.findall(r"uses: \S+@\w{40} # v\d", text)) == text.count("uses:")


def test_every_file_of_the_design_is_there_and_nothing_of_the_template() -> None:
    names = {str(path) for path in FILES}
    package = f"src/{VALUES['packageName']}"
    modules = "__init__ config data train evaluate gate register serve tracking".split()
    expected = {f"{package}/{module}.py" for module in modules} | set(
        """.dockerignore .flake8 .github/CODEOWNERS .github/dependabot.yml
        .github/workflows/ci.yml .gitignore Dockerfile Makefile
        README.md catalog-info.yaml config.yaml docs/index.md mkdocs.yml model-card.md
        pyproject.toml requirements-serve.in requirements-serve.lock requirements.in
        requirements.lock tests/conftest.py""".split()
    )
    assert expected <= names
    assert not [name for name in names if name.endswith(".njk") or "${{" in name]
    for path in FILES:
        if path.suffix != ".csv":
            text = read(str(path))
            if path.suffix == ".md":
                text = re.sub(r"\\([\\`*_\[\]{}])", r"\1", text)
            for theirs in (VALUES["description"], VALUES["target"]):
                text = text.replace(theirs, "")
            assert not re.search(r"\$\{\{-? *values\b|\{%-? *(if|set|macro)\b", text), (
                path
            )


def test_a_text_of_the_form_arrives_unchanged_and_means_nothing() -> None:
    description = VALUES["description"]
    catalog = yaml.safe_load(read("catalog-info.yaml"))
    assert catalog["metadata"]["description"] == description
    assert yaml.safe_load(read("mkdocs.yml"))["site_description"] == description
    assert (
        tomllib.loads(read("pyproject.toml"))["project"]["description"] == description
    )
    for path in FILES:
        if path.suffix in (".py", ".lock", ".csv") or path.name == "Makefile":
            assert description not in read(str(path))
    for name in ("README.md", "model-card.md", "docs/index.md"):
        [line] = [
            line
            for line in read(name).splitlines()
            if line.startswith("About this model:")
        ]
        plain = re.sub(r"\\[\\`*_\[\]{}]", "", line)
        assert not re.search(r"[<>`*_\[\]{}~$|]", plain), name


def test_the_catalog_entity_links_what_belongs_together() -> None:
    entity = yaml.safe_load(read("catalog-info.yaml"))
    instance = VALUES.get("mlflowInstance")
    prefix = f"{instance}:" if instance and instance != "default" else ""
    assert entity["kind"] == "Component"
    assert entity["metadata"]["name"] == VALUES["name"]
    annotations = entity["metadata"]["annotations"]
    assert annotations == {
        "backstage.io/kubernetes-id": VALUES["name"],
        "backstage.io/source-template": VALUES["templateRef"],
        "backstage.io/techdocs-ref": "dir:.",
        "github.com/project-slug": f"{VALUES['repoOwner']}/{VALUES['repoName']}",
        "greenroom.dev/template-version": VALUES["templateVersion"],
        "mlflow.org/experiment-name": prefix + VALUES["experimentName"],
        "mlflow.org/registered-model": prefix + VALUES["registeredModel"],
    }, annotations
    assert entity["spec"]["type"] == "ml-model"
    assert entity["spec"]["owner"] == VALUES["owner"]
    assert entity["spec"].get("system") == (VALUES.get("system") or None)


def test_the_configuration_says_what_the_form_said() -> None:
    config = yaml.safe_load(read("config.yaml"))
    assert config["data"]["dataset"] == VALUES["dataset"]
    if VALUES["dataset"] == "csv":
        assert config["data"]["csv_file"] == VALUES["csvFile"]
        assert config["data"]["target"] == VALUES["target"]
    assert config["model"]["task"] == VALUES["task"]
    assert config["gate"]["metric"] == VALUES["metric"]
    assert config["gate"]["direction"] == VALUES["direction"]
    assert float(config["gate"]["threshold"]) == float(VALUES["threshold"])
    assert config["mlflow"] == {
        "experiment_name": VALUES["experimentName"],
        "registered_model": VALUES["registeredModel"],
    }


def test_python_parses_and_keeps_its_line_length() -> None:
    for path in FILES:
        if path.suffix == ".py":
            text = read(str(path))
            ast.parse(text, filename=str(path))
            assert max(map(len, text.splitlines()), default=0) <= 88, path


def test_workflows_ask_for_little_and_run_what_a_laptop_runs() -> None:
    assert workflows()
    for path in workflows():
        check_workflow(path)


def test_the_locks_have_hashes_and_no_hosts_and_agree() -> None:
    train = locked(ROOT / "requirements.lock")
    serve = locked(ROOT / "requirements-serve.lock")
    for name in ("requirements.lock", "requirements-serve.lock"):
        text = read(name)
        assert "://" not in text and "--index" not in text
        for entry in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in entry, entry
    # A model is loaded by the versions that made it, and KServe's server knows 1.5.
    for name in ("numpy", "pandas", "scikit-learn", "scipy", "joblib"):
        assert train[name] == serve[name], name
    assert train["mlflow"] == serve["mlflow-skinny"]
    assert all(version.startswith("1.5.") for version in train["scikit-learn"])


def test_the_local_mlflow_has_the_same_versions() -> None:
    here = Path(__file__).resolve()
    platform = locked(here.parents[3] / "packages/local-platform/python/mlflow.lock")
    train = locked(ROOT / "requirements.lock")
    for name in ("mlflow", "numpy", "pandas", "scikit-learn", "scipy", "pyarrow"):
        assert train[name] == platform[name], name


def load_tests(
    loader: unittest.TestLoader, tests: unittest.TestSuite, pattern: str | None
) -> unittest.TestSuite:
    """Let `unittest` run the functions, as pytest does."""
    return unittest.TestSuite(
        unittest.FunctionTestCase(function)
        for name, function in globals().items()
        if name.startswith("test_")
    )


if __name__ == "__main__":
    unittest.main()
