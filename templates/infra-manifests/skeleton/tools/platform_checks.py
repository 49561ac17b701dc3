"""The platform: nothing is forgotten in a list, every namespace is closed, every policy refuses."""

import re

import manifests
from manifests import ROOT, Problem, document, documents, name_of


def listed(folder, wanted):
    """Whether a kustomization lists what stands beside it."""
    file = folder / "kustomization.yaml"
    kustomization = document(file)
    resources = kustomization.get("resources") or []
    for each in wanted:
        if each not in resources:
            message = f"resources does not list {each}: it is not applied"
            yield Problem(name_of(file), kustomization.line_of("resources"), message)


def platform_problems(settings):
    argocd, platform = ROOT / "argocd", ROOT / "platform"
    projects = sorted((argocd / "projects").glob("*.yaml"))
    yield from listed(argocd, [f"projects/{each.name}" for each in projects])
    policies = sorted((platform / "policies").glob("*.yaml"))
    names = [each.name for each in policies if each.name != "kustomization.yaml"]
    yield from listed(platform / "policies", names)
    rules = sorted((platform / "monitoring").glob("*.rules.yaml"))
    sealed = sorted((platform / "monitoring").glob("*.sealed.yaml"))
    yield from listed(
        platform / "monitoring", [each.name for each in [*rules, *sealed]]
    )
    teams = {each.stem for each in projects} - {"platform"}
    for team in sorted(teams):
        folder = platform / "namespaces" / team
        if not (folder / "kustomization.yaml").is_file():
            message = (
                f"the team has no namespaces: platform/namespaces/{team} is missing"
            )
            yield Problem(f"argocd/projects/{team}.yaml", 1, message)
            continue
        yield from listed(folder, settings["environments"])
    namespaces = [f"namespaces/{each}" for each in sorted(teams)]
    yield from listed(platform, namespaces)
    for each in documents(manifests.built(platform)):
        if each["kind"] == "PrometheusRule":
            where = manifests.origin(
                platform, "PrometheusRule", each["metadata"]["name"]
            )
            release = (each["metadata"].get("labels") or {}).get("release")
            if release != settings["monitoring"]["release"]:
                wanted = settings["monitoring"]["release"]
                yield Problem(
                    *where,
                    f"the label release must be {wanted}, or Prometheus does not see it",
                )
    yield from network_problems(platform)


def network_problems(platform):
    """Each namespace denies what is not allowed."""
    built = documents(manifests.built(platform))
    denied = {
        each["metadata"].get("namespace")
        for each in built
        if each["kind"] == "NetworkPolicy"
        and each["spec"].get("podSelector") == {}
        and set(each["spec"].get("policyTypes") or []) == {"Ingress", "Egress"}
        and not each["spec"].get("ingress")
        and not each["spec"].get("egress")
    }
    for each in built:
        name = each["metadata"]["name"]
        if each["kind"] == "Namespace" and name not in denied:
            file = "platform/namespaces/base/network-policies.yaml"
            yield Problem(
                file, 1, f"nothing denies all traffic in the namespace {name}"
            )
        if each["kind"] == "NetworkPolicy":
            for rule in [
                *(each["spec"].get("ingress") or []),
                *(each["spec"].get("egress") or []),
            ]:
                if not rule or not (rule.get("from") or rule.get("to")):
                    where = manifests.origin(platform, "NetworkPolicy", name)
                    yield Problem(
                        *where,
                        f"NetworkPolicy {name}: a rule without peers lets everything in or out",
                    )


def policy_problems(settings):
    """Each policy refuses, and is tested both ways."""
    tested = {}
    for file in sorted((ROOT / "tests" / "kyverno").glob("*/kyverno-test.yaml")):
        for result in document(file).get("results") or []:
            tested.setdefault(result.get("policy"), set()).add(result.get("result"))
    for file in sorted((ROOT / "platform" / "policies").glob("*.yaml")):
        if file.name == "kustomization.yaml":
            continue
        for policy in documents(file):
            path, name, spec = name_of(file), policy["metadata"]["name"], policy["spec"]
            if spec.get("validationActions") != ["Deny"]:
                yield Problem(
                    path,
                    spec.line_of("validationActions"),
                    f"{name} must refuse: validationActions [Deny]",
                )
            results = tested.get(name, set())
            if "pass" not in results or not results & {"fail", "error"}:
                yield Problem(
                    path,
                    policy.line,
                    f"{name} has no test of both: what passes and what is refused",
                )
            for attestor in spec.get("attestors") or []:
                yield from identity_problems(path, attestor, settings)
            if policy["kind"] == "ImageValidatingPolicy":
                globs = [
                    each.get("glob") for each in spec.get("matchImageReferences") or []
                ]
                if globs != [f"{each}*" for each in settings["images"]]:
                    line = spec.line_of("matchImageReferences")
                    yield Problem(
                        path,
                        line,
                        "matchImageReferences must be the images of settings.yaml",
                    )


def identity_problems(path, attestor, settings):
    keyless = (attestor.get("cosign") or {}).get("keyless") or {}
    for identity in keyless.get("identities") or [{}]:
        pattern = str(identity.get("subjectRegExp", ""))
        host = settings["repository"].split("://")[-1].split("/")[0]
        base = f"https://{host}/{settings['organisation']}"
        workflow = ".github/workflows/ci.yml@refs/heads"
        good = f"{base}/churn/{workflow}/main"
        bad = (
            f"{base}/churn/{workflow}/feature",
            f"{base}/churn/.github/workflows/other.yml@refs/heads/main",
            f"{base}-evil/churn/{workflow}/main",
            f"https://{host}/evil/churn/{workflow}/main",
            f"https://evil.example/{good}",
            f"{good}-2",
        )
        line = getattr(identity, "line", attestor.line)
        try:
            fits = re.compile(pattern).search
        except re.error as error:
            yield Problem(
                path, line, f"subjectRegExp is no regular expression: {error}"
            )
            continue
        if not fits(good):
            yield Problem(path, line, f"subjectRegExp does not take {good}")
        for each in bad:
            if fits(each):
                yield Problem(path, line, f"subjectRegExp takes {each}")
