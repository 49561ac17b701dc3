"""Holds a repository that the template has rendered against what the template promises.

REPOSITORY names the rendered folder, VALUES a JSON file with the values it was rendered
from. Any Python with PyYAML runs it, that of `make install` among them:

    REPOSITORY=… VALUES=… python templates/model-service/tests/test_rendered_repository.py
"""

from __future__ import annotations

import ast
import functools
import hashlib
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
# Of scikit-learn's data sets, as its documentation counts them.
FEATURES = {
    "breast_cancer": 30,
    "wine": 13,
    "iris": 4,
    "digits": 64,
    "diabetes": 10,
}
VALUES = json.loads(Path(os.environ["VALUES"]).read_text(encoding="utf-8"))
# The same, many times faster, where LibYAML is at hand.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


# Steps that cannot be one target of the Makefile: no laptop signs as a workflow.
OF_THE_PIPELINE_ONLY = {
    "Fail unless every job succeeded or was not wanted",
    "Reach MLflow",
    "Push",
    "Sign",
}


def actions() -> list[Path]:
    return sorted((ROOT / ".github" / "actions").glob("*/action.yml"))


def steps_of(path: Path) -> list[dict]:
    content = load(path)
    if "runs" in content:
        # A JavaScript action has none.
        return content["runs"].get("steps", [])
    return [step for job in content["jobs"].values() for step in job.get("steps", [])]


def check_steps(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for step in steps_of(path):
        uses, run = step.get("uses", ""), step.get("run", "")
        assert step.get("name") and bool(uses) != bool(run), step
        assert "${{" not in run, step
        if uses.startswith("./"):
            assert (ROOT / uses / "action.yml").is_file(), step
        elif uses:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", uses), step
        for script in re.findall(r"\.github/scripts/[\w.-]+", run):
            assert (ROOT / script).is_file(), step
        if run and step["name"] not in OF_THE_PIPELINE_ONLY:
            *before, last = run.strip().splitlines()
            target = re.fullmatch(r'make (?:([a-z-]+)|"\$(?:DECISION|TARGET)")', last)
            script = re.match(r"(python3|bash) \.github/scripts/", last)
            assert script or (target and {target[1]} - {None} <= targets), step
            # What the local platform needs to see before make hides it.
            assert before in ([], ["go version"]), step
        if uses.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    pins = re.findall(r"uses: [\w./-]+@\w{40} # v\d+\.\d+\.\d+\n", text)
    # Every pin says which release it is.
    assert len(pins) == text.count("uses: ") - text.count("uses: ./"), path


def check_workflow(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    for name, job in workflow["jobs"].items():
        assert "permissions" in job, name
        assert ("timeout-minutes" in job) != ("uses" in job), name
        assert "pull_request_target" not in text
    # Every right says what it is for.
    for line in text.splitlines():
        if re.match(r" {6}[a-z-]+: (read|write)\b", line):
            assert re.search(r": (read|write) # \w", line), line


@functools.cache
def load(path: Path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), LOADER)


def jobs() -> dict[str, dict]:
    return load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]


def needs_of(name: str) -> set[str]:
    """Return all jobs that must have succeeded before."""
    needs = jobs()[name].get("needs", [])
    needs = {needs} if isinstance(needs, str) else set(needs)
    return needs.union(*(needs_of(each) for each in needs))


def choice(name: str, default: object) -> object:
    return VALUES.get(name) or default


IS_IMAGE = choice("serving", "image") == "image"
ACCESS = choice("mlflowAccess", "token")


def test_every_file_of_the_design_is_there_and_nothing_of_the_template() -> None:
    names = {str(path) for path in FILES}
    package = f"src/{VALUES['packageName']}"
    modules = "__init__ data features model train evaluate".split()
    expected = {f"{package}/{module}.py" for module in modules} | set(
        """.flake8 .github/CODEOWNERS .github/dependabot.yml .github/zizmor.yml
        .github/renovate.json .github/vulnerabilities.toml
        .github/actions/connect-mlflow/action.yml .github/actions/set-up/action.yml
        .github/actions/triage/action.yml .github/actions/triage/dist/index.js
        .github/actions/triage/dist/licenses.txt .github/scripts/reach-mlflow.sh
        .github/scripts/upload-sarif.sh .github/workflows/champion.yml
        .github/workflows/ci.yml .github/workflows/retrain.yml .github/workflows/triage.yml
        .gitignore .gitleaks.toml .python-version Makefile README.md
        catalog-info.yaml config.yaml docs/index.md docs/openapi.yaml
        mkdocs.yml model-card.md pyproject.toml
        requirements-serve.in requirements-serve.lock requirements.in
        requirements.lock notebooks/explore.ipynb tests/test_data.py tests/test_model.py""".split()
    )
    optional = {
        ".dockerignore": IS_IMAGE,
        "Dockerfile": IS_IMAGE,
        ".github/scripts/push-image.sh": IS_IMAGE,
        ".github/actionlint.yaml": ACCESS == "self-hosted",
        ".github/workflows/canary.yml": choice("canary", "none") != "none",
        ".github/workflows/drift-analysis.yml": VALUES.get("driftMonitor"),
        ".github/scripts/drift_issue.py": VALUES.get("driftMonitor"),
    }
    expected |= {name for name, wanted in optional.items() if wanted}
    unwanted = {name for name, wanted in optional.items() if not wanted}
    assert not unwanted & names, unwanted & names
    ours = {name for name in names if name.startswith(".github/")}
    assert ours <= expected, ours - expected
    assert expected <= names, expected - names
    assert not [name for name in names if name.endswith(".njk") or "${{" in name]
    for path in FILES:
        if path.suffix not in (".csv", ".whl"):
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
    catalog, _ = yaml.safe_load_all(read("catalog-info.yaml"))
    assert catalog["metadata"]["description"] == description
    assert yaml.safe_load(read("mkdocs.yml"))["site_description"] == description
    assert (
        tomllib.loads(read("pyproject.toml"))["project"]["description"] == description
    )
    for path in FILES:
        if path.suffix == ".whl":
            continue
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
    entity, api = yaml.safe_load_all(read("catalog-info.yaml"))
    instance = VALUES.get("mlflowInstance")
    prefix = f"{instance}:" if instance and instance != "default" else ""
    assert entity["kind"] == "Component"
    assert entity["metadata"]["name"] == VALUES["name"]
    annotations = entity["metadata"]["annotations"]
    environments = VALUES.get("environments", ["dev", "prod"])
    services = annotations.pop("serving.kserve.io/inferenceservice").split(",")
    namespaces = [f"{VALUES['team']}-{each}/{VALUES['name']}" for each in environments]
    if choice("canary", "none") == "http-route":
        namespaces.append(f"{VALUES['team']}-prod/{VALUES['name']}-canary")
    assert sorted(services) == sorted(namespaces)
    assert annotations == {
        "argocd/app-name": ",".join(
            f"{VALUES['name']}-{each}" for each in environments
        ),
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
    assert entity["spec"]["providesApis"] == [api["metadata"]["name"]]
    assert api["kind"] == "API" and api["spec"]["owner"] == VALUES["owner"]
    assert (ROOT / api["spec"]["definition"]["$text"]).is_file()
    openapi = yaml.safe_load(read("docs/openapi.yaml"))
    model = VALUES["registeredModel"]
    assert f"/v1/models/{model}:predict" in openapi["paths"]
    assert f"/v2/models/{model}/infer" in openapi["paths"]
    assert openapi["info"]["description"] == VALUES["description"]
    columns = openapi["components"]["schemas"]["Row"]["properties"]
    if VALUES["dataset"] == "csv":
        schema = json.loads(read("data/schema.json"))
        expected = [each["name"] for each in schema["columns"]]
        left_out = yaml.safe_load(read("config.yaml"))["data"]["leave_out"]
        unused = {schema["target"], *left_out}
        assert list(columns) == [name for name in expected if name not in unused]
    else:
        assert len(columns) == FEATURES[VALUES["dataset"]]
    # What a person sends to try it has the same columns.
    for version, path in (("v1", f"{model}:predict"), ("v2", f"{model}/infer")):
        body = openapi["paths"][f"/{version}/models/{path}"]["post"]["requestBody"]
        example = body["content"]["application/json"]["example"]
        if version == "v1":
            [row] = example["instances"]
            assert list(row) == list(columns)
        else:
            assert [each["name"] for each in example["inputs"]] == list(columns)
            kinds = {each["datatype"] for each in example["inputs"]}
            assert kinds <= {"FP64", "BYTES"}


def test_the_configuration_says_what_the_form_said() -> None:
    config = yaml.safe_load(read("config.yaml"))
    assert config["data"]["dataset"] == VALUES["dataset"]
    if VALUES["dataset"] == "csv":
        assert config["data"]["csv_file"] == VALUES["csvFile"]
        assert config["data"]["target"] == VALUES["target"]
    assert config["model"]["task"] == VALUES["task"]
    assert config["gate"]["metric"] == VALUES["metric"]
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
    for path in workflows():
        check_workflow(path)
    for path in [*workflows(), *actions()]:
        check_steps(path)
    pins = {
        pin
        for path in [*workflows(), *actions()]
        for pin in re.findall(r"uses: (\S+@\w{40} # \S+)", path.read_text("utf-8"))
    }
    # One version of each action, in all files.
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins), sorted(pins)


def test_the_chain_has_a_job_for_each_stage_and_keeps_their_order() -> None:
    stages = ["changes", "check", "security", "propose", "comment"]
    stages += ["train", "gate", "register"]
    if IS_IMAGE:
        stages += ["image", "scan", "push", "sign", "record"]
    stages += ["handoff", "code-scanning", "required"]
    assert list(jobs()) == stages
    names = [job["name"] for job in jobs().values()]
    first = ["Changes", "Check", "Security", "Train", "Gate", "Register"]
    assert [name for name in names if name in first] == first
    assert names[-1] == "CI passed"
    assert set(jobs()["required"]["needs"]) == set(stages) - {"required", "comment"}
    assert needs_of("train") == {"changes", "check", "security"}
    # What cannot change the model makes no version, and the required check reports.
    assert "if" not in jobs()["check"] and "if" not in jobs()["security"]
    for name in ("propose", "train"):
        assert "needs.changes.outputs.model == 'true'" in jobs()[name]["if"], name
    triggers = load(ROOT / ".github" / "workflows" / "ci.yml")[True]
    assert "paths" not in json.dumps(triggers)
    chain = [stage for stage in stages[stages.index("train") : -2] if stage != "record"]
    for earlier, later in zip(chain, chain[1:], strict=False):
        assert earlier in needs_of(later), (earlier, later)


def test_secrets_and_rights_are_where_they_are_needed_and_nowhere_else() -> None:
    mlflow = {"propose", "train", "gate", "register", "record"}
    for name, job in jobs().items():
        text = json.dumps(job)
        rights = job["permissions"]
        identity = name == "sign" or (
            name in mlflow and ACCESS in ("oidc", "tailscale")
        )
        assert (rights.get("id-token") == "write") == identity, name
        packages = name in ("push", "sign") and choice("registry", "ghcr") == "ghcr"
        assert (rights.get("packages") == "write") == packages, name
        assert ("MANIFESTS_APP_PRIVATE_KEY" in text) == (name == "handoff"), name
        assert ("DOCKERHUB_TOKEN" in text) == (
            name in ("push", "sign") and VALUES.get("registry") == "docker-hub"
        ), name
        assert ("MLFLOW_TRACKING_TOKEN" in text) == (
            name in mlflow and ACCESS != "oidc"
        ), name
        inside = "in-cluster" in job["runs-on"]
        assert inside == (name in mlflow and ACCESS == "self-hosted"), name
        # Of a table that is too large for the repository, and may need one to open.
        data = name in ("check", "propose", "train") and bool(VALUES.get("dataUrl"))
        assert ("secrets.DATA_URL" in text) == data, name
        if name in ("check", "image", "scan"):
            others = text.replace("secrets.DATA_URL", "")
            assert rights == {"contents": "read"} and "secrets." not in others, name
    # Who may write to a pull request runs no code of it.
    writers = [
        name
        for name, job in jobs().items()
        if job["permissions"].get("pull-requests") == "write"
    ]
    assert writers == ["comment"]
    checkout = jobs()["comment"]["steps"][0]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    # Strangers reach neither MLflow nor the cluster.
    propose = jobs()["propose"]
    assert "insider == 'true'" in propose["env"]["MLFLOW_TRACKING_URI"]
    if propose["runs-on"] != "ubuntu-24.04":
        assert "insider == 'true'" in propose["runs-on"]
    handoff = jobs()["handoff"]
    assert handoff["strategy"]["matrix"]["environment"] == VALUES["environments"]
    assert handoff["environment"] == "${{ matrix.environment }}"
    retrain = load(ROOT / ".github" / "workflows" / "retrain.yml")
    granted = retrain["jobs"]["ci"]["permissions"]
    for name, job in jobs().items():
        for right, level in job["permissions"].items():
            assert granted[right] in ("write", level), (name, right)
    assert granted.keys() == {
        right for job in jobs().values() for right in job["permissions"]
    }


def test_the_readme_names_every_setting_and_no_other() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in [*workflows(), *actions()]
    )
    used = set(re.findall(r"\b(?:vars|secrets)\.([A-Z_]+)", text))
    settings = read("README.md").partition("## Settings")[2]
    named = set(re.findall(r"`([A-Z][A-Z_]{5,})`", settings))
    assert named == used, named ^ used


def test_every_target_is_explained() -> None:
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)[1]
    targets = set(phony.replace("\\", " ").split()) - {"uv", "install-serve"}
    explained = re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE)
    assert targets == set(explained), targets ^ set(explained)
    assert "$(shell" not in makefile


def test_the_image_listens_where_kserve_asks() -> None:
    if IS_IMAGE:
        dockerfile = read("Dockerfile")
        assert "SERVE_HOST=0.0.0.0" in dockerfile
        assert "SERVE_ALLOWED_HOSTS=*" in dockerfile


def test_the_locks_have_hashes_and_no_hosts_and_agree() -> None:
    train = locked(ROOT / "requirements.lock")
    serve = locked(ROOT / "requirements-serve.lock")
    [wheel] = ROOT.glob("vendor/*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for name in ("requirements.lock", "requirements-serve.lock"):
        text = read(name)
        assert f"./vendor/{wheel.name} \\\n    --hash=sha256:{digest}\n" in text
        assert "://" not in text and "--index" not in text
        # From it Renovate knows how to make the file again.
        version = read(".python-version").strip()
        command = f"--python-version={version} --generate-hashes --output-file={name} "
        header, entries = text.split("\n", 2)[1:]
        assert command + name.replace(".lock", ".in") in header
        for entry in re.split(r"\n(?=\S)", entries.strip()):
            assert "--hash=sha256:" in entry, entry
    # A model is loaded by the versions that made it.
    loaded = {"numpy", "pandas"}
    if choice("format", "native") == "onnx":
        assert "scikit-learn" not in serve
        loaded |= {"onnxruntime"}
    else:
        loaded |= {"joblib", "scikit-learn", "scipy"}
        loaded |= {"lightgbm", "torch", "xgboost", "xgboost-cpu"} & train.keys()
    for name in loaded:
        assert train[name] == serve[name], name
    assert train["mlflow"] == serve["mlflow-skinny"]
    # KServe's own servers load what 1.5 has made; the image loads what is current.
    wanted = "1.9." if IS_IMAGE else "1.5."
    assert all(version.startswith(wanted) for version in train["scikit-learn"])


def test_one_python_trains_and_serves() -> None:
    version = read(".python-version").strip()
    assert re.fullmatch(r"3\.\d+", version)
    for path in [*workflows(), *actions()]:
        assert "python-version:" not in path.read_text("utf-8"), path
    if IS_IMAGE:
        froms = re.findall(r"^FROM (\S+)", read("Dockerfile"), re.MULTILINE)
        base, *stages = froms
        assert re.fullmatch(rf"python:{version}-slim-\w+@sha256:[0-9a-f]{{64}}", base)
        assert set(stages) == {"base"}


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
