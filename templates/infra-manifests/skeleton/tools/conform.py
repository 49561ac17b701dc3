"""Hold what was built against the schemas (kubeconform) and good habits (kube-score), and tell the source."""

import json
import pathlib
import subprocess
import sys

import manifests
from manifests import BUILD, ROOT, Problem

# What kube-score asks by default and this platform decides otherwise, with the reason.
NOT_ASKED = {
    # By digest there is nothing newer to pull.
    "container-image-pull-policy",
    # Models write to memory-backed folders only; the quota is on memory.
    "container-ephemeral-storage-request-and-limit",
    # The image says the user; runAsNonRoot makes Kubernetes insist on one.
    "container-security-context-user-group-id",
    # Written by KServe's own Service, which is not in Git.
    "service-targets-pod",
}
CRITICAL = 1


def run(arguments):
    try:
        answer = subprocess.run(
            arguments, check=False, capture_output=True, text=True, cwd=ROOT
        )
    except FileNotFoundError:
        sys.exit(f"there is no {arguments[0].name}: run make install first")
    try:
        return json.loads(answer.stdout)
    except json.JSONDecodeError:
        sys.exit(answer.stderr or answer.stdout or f"{arguments[0]} says nothing")


def conform(program):
    template = "schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
    options = ["-strict", "-output", "json", "-schema-location", template]
    folders = {str(manifests.built(each)): each for each in manifests.roots()}
    for each in run([program, *options, *folders])["resources"] or []:
        folder = folders[each["filename"]]
        where = manifests.origin(folder, each["kind"], each["name"])
        message = each["msg"].rsplit(".json#'", 1)[-1].strip(" -")
        if "could not find schema" in message:
            message = "there is no schema of this kind: add it to tools/schemas.txt, then make schemas"
        built = manifests.name_of(folder)
        what = f"{each['kind']} {each['name']} (as built in {built})"
        yield Problem(*where, f"{what}: {message}")


def score(program):
    ignored = [word for each in sorted(NOT_ASKED) for word in ("--ignore-test", each)]
    for folder in manifests.overlays():
        file = BUILD / "pods" / manifests.built(folder).relative_to(BUILD / "manifests")
        if not file.is_file():
            continue
        for each in run([program, "score", "--output-format", "json", *ignored, file]):
            kind, name = each["type_meta"]["kind"], each["object_meta"]["name"]
            if kind == "Deployment" and name.endswith("-predictor"):
                kind, name = "InferenceService", name.removesuffix("-predictor")
            where = manifests.origin(folder, kind, name)
            for check in each["checks"]:
                if check["skipped"] or check["grade"] > CRITICAL:
                    continue
                for comment in check["comments"] or [{"summary": "", "path": ""}]:
                    text = f"{check['check']['name']}: {comment['summary']}"
                    part = f" {comment['path']}" if comment["path"] else ""
                    yield Problem(
                        *where,
                        f"{kind} {name}{part} (as built in {manifests.name_of(folder)}): {text}",
                    )


def main():
    what, program = sys.argv[1], pathlib.Path(sys.argv[2]).absolute()
    if not (BUILD / "manifests").is_dir():
        sys.exit("there is nothing in .build: run make build first")
    problems = list(conform(program) if what == "schemas" else score(program))
    manifests.finish(f"{what}: nothing to put right", problems)


if __name__ == "__main__":
    main()
