"""What no schema knows: that files agree with each other and with settings.yaml."""

import re

import manifests
from argocd_checks import argocd_problems
from manifests import ROOT, Map, Problem, Unreadable, document, documents, name_of
from model_checks import model_files, overlay_problems, review_notes
from platform_checks import platform_problems, policy_problems
from series import dashboard_problems, rule_problems


def every_file():
    """What must not be in any file: a plain Secret, a key, a tag."""
    for file in manifests.yaml_files():
        path = name_of(file)
        for each in documents(file):
            if isinstance(each, Map) and each.get("kind") == "Secret":
                message = (
                    "a plain Secret: seal it (make seal) and commit the SealedSecret"
                )
                yield Problem(path, each.line_of("kind"), message)
        if path.startswith(("tests/", ".github/")):
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if "PRIVATE KEY-----" in line:
                yield Problem(
                    path, number, "a private key: take it out, and replace it"
                )
            tag = re.search(
                r"""^\s*(?:- )?image: *["']?([^\s"'@#]+)["']?\s*(#|$)""", line
            )
            # A base names the image that a release gives a digest.
            if tag and (":" in tag[1].rpartition("/")[2] or "/base/" not in path):
                yield Problem(path, number, f"{tag[1]} is not named by digest")


def main():
    problems = []
    checks = (
        every_file,
        model_files,
        overlay_problems,
        argocd_problems,
        platform_problems,
        policy_problems,
        rule_problems,
        dashboard_problems,
    )
    try:
        settings = document(ROOT / "settings.yaml")
    except Unreadable as error:
        manifests.finish("", [error.problem])
        return
    for check in checks:
        try:
            arguments = [settings] if check.__code__.co_argcount else []
            problems += check(*arguments)
        except Unreadable as error:
            problems.append(error.problem)
        except FileNotFoundError as error:
            problems.append(Problem(name_of(error.filename), 1, "this file is missing"))
        except (AttributeError, KeyError, TypeError) as error:
            # A file is not of its kind at all: kubeconform says which, and how.
            message = f"{check.__name__} is missing {error}: see make schemas-check"
            problems.append(Problem("settings.yaml", 1, message))
    if not problems:
        review_notes(settings)
    unique = sorted(set(problems))
    manifests.finish("structure: nothing to put right", unique)


if __name__ == "__main__":
    main()
