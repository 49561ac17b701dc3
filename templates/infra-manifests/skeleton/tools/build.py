"""Build everything that Argo CD applies, and what the other checks read, into .build/."""

import concurrent.futures
import copy
import functools
import pathlib
import shutil
import subprocess
import sys

import yaml

import manifests
from manifests import BUILD, ROOT, Problem

NO_TOOL = "there is no kustomize: run make install first"


def kustomize(program, folder):
    try:
        answer = subprocess.run(
            [program, "build", folder], check=False, capture_output=True, text=True
        )
    except FileNotFoundError:
        sys.exit(NO_TOOL)
    if answer.returncode:
        message = answer.stderr.strip().replace(f"{ROOT}/", "")
        file = manifests.name_of(folder / "kustomization.yaml")
        return None, Problem(file, 1, f"kustomize cannot build this: {message}")
    return answer.stdout, None


def deployment(service):
    """The Deployment that KServe makes of a predictor, so that kube-score has pods to judge."""
    predictor = copy.deepcopy(service["spec"]["predictor"])
    model = predictor.pop("model", None)
    if model and not predictor.get("containers"):
        container = {
            key: value
            for key, value in model.items()
            if key not in ("modelFormat", "protocolVersion", "runtime", "storageUri")
        }
        # The cluster's runtime says the image; it is not this repository's to judge.
        container.setdefault("image", "runtime@sha256:" + "0" * 64)
        predictor["containers"] = [{"name": "kserve-container", **container}]
    name = service["metadata"]["name"]
    labels = {
        **(service["metadata"].get("labels") or {}),
        "component": "predictor",
        "serving.kserve.io/inferenceservice": name,
    }
    replicas = predictor.pop("minReplicas", 1)
    for field in ("maxReplicas", "deploymentStrategy", "canaryTrafficPercent"):
        predictor.pop(field, None)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": f"{name}-predictor",
            "namespace": service["metadata"].get("namespace"),
            "labels": labels,
        },
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"serving.kserve.io/inferenceservice": name}},
            "template": {"metadata": {"labels": labels}, "spec": predictor},
        },
    }


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def extract():
    """What is inside Kubernetes objects and Helm values, in the form its own tool reads."""
    for file in sorted((ROOT / "platform" / "monitoring").glob("*.yaml")):
        content = manifests.documents(file)
        for each in content:
            target = None
            if each.get("kind") == "PrometheusRule":
                target, part = BUILD / "rules" / file.name, each.get("spec")
            elif file.name.endswith(".values.yaml"):
                config = (each.get("alertmanager") or {}).get("config")
                target, part = BUILD / "alertmanager" / file.name, config
            if target:
                plain = yaml.load(
                    yaml.dump(part, Dumper=Plain, sort_keys=False), manifests.Fast
                )
                write(target, yaml.safe_dump(plain, sort_keys=False, width=1000))


class Plain(yaml.SafeDumper):
    """Writes the mappings of manifests.Loader."""


Plain.add_representer(manifests.Map, yaml.SafeDumper.represent_dict)


def main():
    program = pathlib.Path(sys.argv[1]).absolute()
    shutil.rmtree(BUILD, ignore_errors=True)
    problems = []
    roots = manifests.roots()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answers = list(pool.map(functools.partial(kustomize, program), roots))
    for folder, (text, problem) in zip(roots, answers, strict=True):
        if problem:
            problems.append(problem)
            continue
        write(manifests.built(folder), text)
        objects = [each for each in yaml.load_all(text, manifests.Fast) if each]
        pods = [
            deployment(each)
            for each in objects
            if each.get("kind") == "InferenceService"
            and isinstance(each.get("spec", {}).get("predictor"), dict)
        ]
        if pods:
            file = (
                BUILD
                / "pods"
                / manifests.built(folder).relative_to(BUILD / "manifests")
            )
            write(file, yaml.safe_dump_all([*objects, *pods], sort_keys=False))
    try:
        extract()
    except manifests.Unreadable as error:
        problems.append(error.problem)
    manifests.finish(f"Built {len(roots)} kustomizations", problems)


if __name__ == "__main__":
    main()
