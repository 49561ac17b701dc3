"""Argo CD: projects limit each team, the ApplicationSet makes what it should."""

import re

from manifests import ROOT, Problem, documents, name_of


def argocd_problems(settings):
    cluster = settings["cluster"]
    for file in sorted((ROOT / "argocd").rglob("*.yaml")):
        for each in documents(file):
            kind, spec, path = each.get("kind"), each.get("spec") or {}, name_of(file)
            if kind == "AppProject":
                yield from project_problems(path, each, settings)
            if kind == "Application":
                source = spec.get("source") or {}
                if source.get("repoURL") != settings["repository"]:
                    line = source.line_of("repoURL") if source else each.line
                    yield Problem(
                        path, line, f"repoURL must be {settings['repository']}"
                    )
                if (spec.get("destination") or {}).get("server") != cluster:
                    yield Problem(
                        path,
                        each.line_of("spec"),
                        f"destination.server must be {cluster}",
                    )
            if kind == "ApplicationSet":
                yield from set_problems(path, each, settings)


def set_problems(path, each, settings):
    spec = each["spec"]
    line = each.line_of("spec")
    if spec.get("goTemplate") is not True or "missingkey=error" not in (
        spec.get("goTemplateOptions") or []
    ):
        message = "goTemplate with goTemplateOptions [missingkey=error]: a missing field is an error, not an empty name"
        yield Problem(path, line, message)
    if (spec.get("syncPolicy") or {}).get("preserveResourcesOnDeletion") is not True:
        message = "syncPolicy.preserveResourcesOnDeletion must be true: a slip of Git must not end live traffic"
        yield Problem(path, line, message)
    template = spec.get("template") or {}
    target = template.get("spec") or {}
    if target.get("project") != "{{ .team }}":
        yield Problem(
            path, line, "template.spec.project must be the team of model.yaml"
        )
    if (target.get("destination") or {}).get(
        "namespace"
    ) != "{{ .team }}-{{ .path.basename }}":
        yield Problem(
            path,
            line,
            "template.spec.destination.namespace must be <team>-<environment>",
        )
    if (template.get("metadata") or {}).get(
        "name"
    ) != "{{ .model }}-{{ .path.basename }}":
        yield Problem(
            path, line, "template.metadata.name must be <model>-<environment>"
        )
    options = (target.get("syncPolicy") or {}).get("syncOptions") or []
    if "ServerSideApply=true" not in options:
        yield Problem(
            path,
            line,
            "syncOptions must have ServerSideApply=true: KServe's definition is too large without",
        )
    urls = re.findall(r"repoURL: *[\"']?([^\s\"']+)", (ROOT / path).read_text("utf-8"))
    for url in urls:
        if url != settings["repository"]:
            yield Problem(
                path, line, f"repoURL must be {settings['repository']}, not {url}"
            )
    directories = re.findall(
        r"path: *[\"']?(models/\S+)", (ROOT / path).read_text("utf-8")
    )
    if "models/*/overlays/*" not in directories:
        yield Problem(path, line, "the generator must look at models/*/overlays/*")


def project_problems(path, project, settings):
    spec, name = project["spec"], project["metadata"].get("name")
    if path != f"argocd/projects/{name}.yaml":
        yield Problem(
            path, project.line, f"the project is called {name}, its file is not"
        )
    if spec.get("sourceRepos") != [settings["repository"]]:
        line = spec.line_of("sourceRepos")
        yield Problem(
            path, line, f"sourceRepos must be {settings['repository']} and nothing else"
        )
    for each in spec.get("destinations") or []:
        namespace = str(each.get("namespace"))
        if each.get("server") != settings["cluster"]:
            yield Problem(path, each.line, f"server must be {settings['cluster']}")
        fitting = {f"{name}-{environment}" for environment in settings["environments"]}
        if "*" in namespace or (name != "platform" and namespace not in fitting):
            message = (
                f"namespace {namespace} is not one of {', '.join(sorted(fitting))}"
            )
            yield Problem(path, each.line, message)
    lists = ("clusterResourceWhitelist", "namespaceResourceWhitelist")
    for key in lists:
        if key not in spec:
            yield Problem(
                path,
                project.line_of("spec"),
                f"{key} is missing: without it any kind is allowed",
            )
        for each in spec.get(key) or []:
            if (
                "*" in (each.get("group"), each.get("kind"))
                or each.get("kind") == "Secret"
            ):
                yield Problem(
                    path,
                    each.line,
                    f"{each.get('kind')}: list the kinds one by one, and no Secret",
                )
    if name != "platform" and spec.get("clusterResourceWhitelist"):
        line = spec.line_of("clusterResourceWhitelist")
        yield Problem(path, line, "a team has nothing to do with kinds of the cluster")
