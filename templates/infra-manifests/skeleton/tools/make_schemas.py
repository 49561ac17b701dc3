"""Make schemas/ from the definitions that tools/schemas.txt names.

kubeconform reads them as schemas/<group>/<kind>_<version>.json (the core group is v1).
They are strict: a field that the definition does not know is an error, also inside
metadata, which custom resource definitions leave open. Rules in CEL are not in them.
"""

import collections
import functools
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "tools" / "schemas.txt"
TARGET = ROOT / "schemas"
DROPPED = {"default", "description", "example", "externalDocs", "format", "title"}
INT_OR_STRING = {"type": ["integer", "string"]}


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as definitions use it, where a lone "=" is a text."""


Loader.add_constructor("tag:yaml.org,2002:value", Loader.construct_yaml_str)


@functools.cache
def module_folder(module):
    answer = subprocess.run(
        ["go", "mod", "download", "-json", module],
        check=False,
        capture_output=True,
        text=True,
    )
    described = json.loads(answer.stdout or "{}")
    if "Dir" not in described:
        sys.exit(f"{LIST.name}: {module}: {described.get('Error') or answer.stderr}")
    return pathlib.Path(described["Dir"])


@functools.cache
def openapi(module, path):
    file = module_folder(module) / path
    return json.loads(file.read_text(encoding="utf-8"))["components"]["schemas"]


def strict(schema, definitions):
    """A JSON schema from a schema of OpenAPI, with references put in place."""
    if "$ref" in schema:
        return strict(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if len(schema.get("allOf", [])) == 1 and "properties" not in schema:
        return strict(schema["allOf"][0], definitions)
    if schema.get("x-kubernetes-int-or-string"):
        return INT_OR_STRING
    result = {}
    for key, value in schema.items():
        if key in DROPPED or key.startswith("x-kubernetes-") or key == "nullable":
            continue
        if key == "properties":
            required = schema.get("required", [])
            value = {name: strict(each, definitions) for name, each in value.items()}
            value = {
                name: each if name in required else or_nothing(each)
                for name, each in value.items()
            }
        elif key in ("items", "additionalProperties", "not") and value is not True:
            value = value if value is False else strict(value, definitions)
        elif key in ("allOf", "anyOf", "oneOf"):
            # These say which of the fields go together, not which there are.
            value = [loose(each) for each in value]
        result[key] = value
    if (
        "properties" in result
        and "additionalProperties" not in result
        and not schema.get("x-kubernetes-preserve-unknown-fields")
    ):
        result["additionalProperties"] = False
    return result


def or_nothing(schema):
    """An empty value (`annotations:` and nothing after it) is as good as no field."""
    if "type" not in schema:
        return schema
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    result = {**schema, "type": [*kinds, "null"]}
    if "enum" in schema:
        result["enum"] = [*schema["enum"], None]
    return result


def loose(schema):
    return {
        key: [loose(each) for each in value]
        if key in ("allOf", "anyOf", "oneOf")
        else value
        for key, value in schema.items()
        if key not in DROPPED and not key.startswith("x-kubernetes-")
    }


def share(schema):
    """Write what a schema repeats once, under $defs: these are a fifth as long."""
    seen = collections.Counter()

    def count(value):
        if isinstance(value, dict):
            text = json.dumps(value, sort_keys=True)
            seen[text] += 1
            if seen[text] > 1:
                return
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, (dict, list)):
                count(each)

    def replace(value, name=""):
        if isinstance(value, list):
            return [replace(each) for each in value]
        if not isinstance(value, dict):
            return value
        text = json.dumps(value, sort_keys=True)
        copy = {key: replace(each, key) for key, each in value.items()}
        # What hangs under "properties" is a list of names, not a schema.
        if seen[text] == 1 or len(text) < 120 or name == "properties":
            return copy
        key = hashlib.sha256(text.encode()).hexdigest()[:10]
        definitions[key] = copy
        return {"$ref": f"#/$defs/{key}"}

    definitions = {}
    count(schema)
    shared = replace(schema)
    return {**shared, "$defs": definitions} if definitions else shared


def object_meta():
    for line in entries():
        if line[0].startswith("k8s.io/kubernetes@"):
            definitions = openapi(line[0], line[1])
            name = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
            return strict(definitions[name], definitions)
    sys.exit(f"{LIST.name}: k8s.io/kubernetes is missing")


def from_kubernetes(module, path, kinds):
    definitions = openapi(module, path)
    for kind in kinds:
        found = [
            (group, schema)
            for schema in definitions.values()
            for group in schema.get("x-kubernetes-group-version-kind", [])
            if group["kind"] == kind and "metadata" in schema.get("properties", {})
        ]
        if len(found) != 1:
            sys.exit(f"{LIST.name}: {path} has {len(found)} kinds {kind}")
        group, schema = found[0]
        yield group["group"], kind, group["version"], strict(schema, definitions)


def from_definition(module, path):
    text = (module_folder(module) / path).read_text(encoding="utf-8")
    for document in yaml.load_all(text, Loader=Loader):  # noqa: S506 (a SafeLoader)
        if not document or document["kind"] != "CustomResourceDefinition":
            continue
        spec = document["spec"]
        stored = [each for each in spec["versions"] if each["storage"]]
        stable = [each for each in spec["versions"] if each["name"] in ("v1", "v2")]
        for version in stable or stored:
            schema = strict(version["schema"]["openAPIV3Schema"], {})
            schema["properties"]["metadata"] = object_meta()
            yield spec["group"], spec["names"]["kind"], version["name"], schema


def entries():
    for line in LIST.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words:
            yield words


def main():
    shutil.rmtree(TARGET, ignore_errors=True)
    for module, path, *kinds in entries():
        made = (
            from_kubernetes(module, path, kinds)
            if kinds
            else from_definition(module, path)
        )
        for group, kind, version, schema in made:
            # Whoever applies a manifest does not write its status.
            schema["properties"].pop("status", None)
            schema["properties"]["apiVersion"] = {
                "const": f"{group}/{version}" if group else version
            }
            schema["properties"]["kind"] = {"const": kind}
            schema["required"] = sorted(
                {*schema.get("required", []), "apiVersion", "kind", "metadata"}
                - {"status"}
            )
            file = TARGET / (group or version) / f"{kind.lower()}_{version}.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(share(schema), separators=(",", ":"), sort_keys=True)
            file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
