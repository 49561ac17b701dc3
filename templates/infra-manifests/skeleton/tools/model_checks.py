"""Models: whose they are, and that what is built of them keeps to its own."""

import re

import manifests
from manifests import ROOT, Problem, Unreadable, document, documents, name_of

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")


NO_RELEASE = "0" * 64


RELEASE = ("model", "model-version", "mlflow-run-id", "source-repo", "source-commit")


def model_files(settings):
    """models/<model>/model.yaml: whose it is."""
    for folder in sorted(each for each in (ROOT / "models").glob("*") if each.is_dir()):
        file = folder / "model.yaml"
        if not file.is_file():
            yield Problem(name_of(folder) + "/model.yaml", 1, "this file is missing")
            continue
        model = document(file)
        path = name_of(file)
        for key in ("model", "team", "component", "repository"):
            if not isinstance(model.get(key), str):
                yield Problem(path, model.line, f"{key} is missing")
        for key in sorted(set(model) - {"model", "team", "component", "repository"}):
            yield Problem(path, model.line_of(key), f"{key} is not known here")
        name, team = str(model.get("model")), str(model.get("team"))
        if name != folder.name:
            message = f"model is {name}, but the folder is {folder.name}"
            yield Problem(path, model.line_of("model"), message)
        if not LABEL.fullmatch(name) or len(name) > 40:
            message = "use at most 40 lower-case letters, digits and hyphens"
            yield Problem(path, model.line_of("model"), message)
        if not (ROOT / "argocd" / "projects" / f"{team}.yaml").is_file():
            message = f"there is no team {team}: argocd/projects/{team}.yaml is missing"
            yield Problem(path, model.line_of("team"), message)
        if model.get("component") and not re.fullmatch(
            r"component:[\w.-]+/[\w.-]+", str(model["component"])
        ):
            message = "component must be a reference such as component:default/churn"
            yield Problem(path, model.line_of("component"), message)
        owner = str(model.get("repository")).split("/")
        if len(owner) != 2 or owner[0].lower() != settings["organisation"].lower():
            message = f"repository must be {settings['organisation']}/<name>"
            yield Problem(path, model.line_of("repository"), message)
        if not list(folder.glob("overlays/*/kustomization.yaml")):
            message = f"{folder.name} has no overlay with a kustomization.yaml"
            yield Problem(path, 1, message)


def review_notes(settings):
    """Models that no line of CODEOWNERS gives to their team."""
    path = ".github/CODEOWNERS"
    lines = (ROOT / path).read_text("utf-8").splitlines()
    owned = {line.split()[0] for line in lines if line.strip() and line[0] != "#"}
    for file in sorted(ROOT.glob("models/*/model.yaml")):
        folder = f"/models/{file.parent.name}/"
        if folder not in owned:
            team = f"@{settings['organisation']}/{document(file).get('team')}"
            manifests.note(
                path, f"{folder} {team} is missing: the team could not review its model"
            )


def allowed_kinds(team):
    file = ROOT / "argocd" / "projects" / f"{team}.yaml"
    project = document(file) if file.is_file() else {}
    listed = project.get("spec", {}).get("namespaceResourceWhitelist") or []
    return {(each["group"], each["kind"]) for each in listed}


def overlay_problems(settings):
    """models/<model>/overlays/<environment>, as built."""
    owners = {}
    for folder in manifests.overlays():
        kustomization = folder / "kustomization.yaml"
        model, environment = folder.parent.parent.name, folder.name
        if environment not in settings["environments"]:
            known = ", ".join(settings["environments"])
            message = f"there is no environment {environment}; there are {known}"
            yield Problem(name_of(folder) + "/kustomization.yaml", 1, message)
        if not manifests.built(folder).is_file():
            if kustomization.is_file():
                raise Unreadable(
                    Problem(name_of(kustomization), 1, "run make build first")
                )
            yield Problem(
                name_of(folder) + "/kustomization.yaml", 1, "this file is missing"
            )
            continue
        file = folder.parent.parent / "model.yaml"
        team = document(file).get("team") if file.is_file() else None
        kinds = allowed_kinds(team)
        for each in documents(manifests.built(folder)):
            kind, metadata = str(each.get("kind")), each.get("metadata") or {}
            name = str(metadata.get("name"))
            where = manifests.origin(folder, kind, name)
            what = f"{kind} {name}"
            group = str(each.get("apiVersion")).rpartition("/")[0]
            if (group, kind) not in kinds:
                yield Problem(
                    *where, f"{what}: the AppProject of {team} does not allow this kind"
                )
            namespace = f"{team}-{environment}"
            if metadata.get("namespace") != namespace:
                found = metadata.get("namespace")
                yield Problem(
                    *where, f"{what}: its namespace is {found}, not {namespace}"
                )
            if name != model and not name.startswith(f"{model}-"):
                yield Problem(
                    *where, f"{what}: its name must be {model} or begin with {model}-"
                )
            key = (kind, metadata.get("namespace"), name)
            if owners.setdefault(key, folder) != folder:
                other = name_of(owners[key])
                yield Problem(
                    *where, f"{what}: {other} has an object of this name, too"
                )
            yield from label_problems(each, model, team, environment, where)
            if kind == "InferenceService":
                yield from service_problems(folder, each, settings, what)
            if kind == "HTTPRoute":
                yield from route_problems(folder, each, settings, what)
            if kind == "ServiceMonitor":
                yield from monitor_problems(folder, each, what)


def label_problems(each, model, team, environment, where):
    wanted = {
        "app.kubernetes.io/name": model,
        "app.kubernetes.io/part-of": model,
        "app.kubernetes.io/managed-by": "argocd",
        "backstage.io/kubernetes-id": model,
        "greenroom.dev/team": team,
        "greenroom.dev/environment": environment,
    }
    labels = each["metadata"].get("labels") or {}
    for label, value in wanted.items():
        if labels.get(label) != value:
            what = f"{each['kind']} {each['metadata']['name']}"
            message = f"{what}: the label {label} is {labels.get(label)}, not {value}"
            yield Problem(*where, message)


def service_problems(folder, service, settings, what):
    name = service["metadata"]["name"]
    where = manifests.origin(folder, "InferenceService", name)
    annotations = service["metadata"].get("annotations") or {}
    for each in RELEASE:
        if not annotations.get(f"greenroom.dev/{each}"):
            yield Problem(
                *where, f"{what}: the annotation greenroom.dev/{each} is empty"
            )
    if annotations.get("serving.kserve.io/deploymentMode") not in (
        "Standard",
        "Knative",
    ):
        message = "serving.kserve.io/deploymentMode must be Standard or Knative"
        yield Problem(*where, f"{what}: the annotation {message}")
    predictor = service.get("spec", {}).get("predictor") or {}
    for container in predictor.get("containers") or []:
        image = str(container.get("image"))
        if not DIGEST.search(image):
            yield Problem(*where, f"{what}: {image} is not named by digest")
        elif NO_RELEASE in image:
            yield Problem(*where, f"{what}: no version has been handed over yet")
        if not image.startswith(tuple(settings["images"])):
            allowed = " or ".join(settings["images"])
            yield Problem(*where, f"{what}: {image} does not come from {allowed}")
    uri = (predictor.get("model") or {}).get("storageUri")
    if uri == "s3://none":
        yield Problem(*where, f"{what}: no version has been handed over yet")
    if "canary" in (service.get("spec") or {}):
        message = (
            "KServe 0.20 takes spec.canary but routes nothing to it: see README, Canary"
        )
        yield Problem(*where, f"{what}: {message}")


def route_problems(folder, route, settings, what):
    where = manifests.origin(folder, "HTTPRoute", route["metadata"]["name"])
    gateway = settings["gateway"]
    for parent in route["spec"].get("parentRefs") or [{}]:
        if {key: parent.get(key) for key in ("namespace", "name")} != gateway:
            wanted = f"{gateway['namespace']}/{gateway['name']}"
            yield Problem(*where, f"{what}: its parent must be the gateway {wanted}")
    built = documents(manifests.built(folder))
    services = {
        f"{each['metadata']['name']}-predictor"
        for each in built
        if each.get("kind") == "InferenceService"
    }
    for rule in route["spec"].get("rules") or []:
        backends = rule.get("backendRefs") or []
        for backend in backends:
            if backend.get("name") not in services:
                message = (
                    f"{backend.get('name')} is the service of no InferenceService here"
                )
                yield Problem(*where, f"{what}: {message}")
        weights = [each.get("weight", 1) for each in backends]
        if len(backends) > 1 and sum(weights) != 100:
            yield Problem(*where, f"{what}: the weights {weights} are not 100 together")


def monitor_problems(folder, monitor, what):
    where = manifests.origin(folder, "ServiceMonitor", monitor["metadata"]["name"])
    for endpoint in monitor["spec"].get("endpoints") or []:
        if endpoint.get("targetPort") != 8080 or endpoint.get("path") != "/metrics":
            message = "models serve metrics on targetPort 8080, path /metrics"
            yield Problem(*where, f"{what}: {message}")
