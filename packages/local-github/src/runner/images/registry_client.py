# SPDX-License-Identifier: Apache-2.0
"""What a job may use of `docker` and `skopeo` without an engine: it copies images to the local registry.

    registry_client.py REGISTRIES docker buildx imagetools create --tag IMAGE:TAG SOURCE...
    registry_client.py REGISTRIES docker buildx imagetools inspect [--format F] IMAGE
    registry_client.py REGISTRIES skopeo copy [--preserve-digests] [--all] oci:FOLDER docker://IMAGE

REGISTRIES is JSON: the address that stands in for a registry. Who may push is in ~/.docker/config.json, where
docker/login-action puts it.
"""

import base64
import hashlib
import http.client
import json
import os
import re
import sys
import urllib.parse

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ACCEPT = ", ".join(
    [
        INDEX,
        MANIFEST,
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]
)
LIMIT = 4 << 20


class Failed(Exception):
    """Something went wrong; the message is for the log."""


class Repository:
    """One repository of a registry, with what is known about how to get in."""

    def __init__(self, registries, reference):
        host, _, rest = reference.partition("/")
        if "." not in host and ":" not in host and host != "localhost":
            host, rest = "docker.io", reference
        if host not in registries:
            raise Failed(
                f"{host} has no stand-in on the local platform, which sends no image elsewhere; "
                f"those that have one: {', '.join(registries)}"
            )
        self.host = host
        self.address = urllib.parse.urlsplit(registries[host])
        name, _, digest = rest.partition("@")
        self.tag = ""
        if ":" in name:
            name, _, self.tag = name.rpartition(":")
        self.name = name
        self.target = digest or self.tag or "latest"
        self.headers = {}
        auth = _logins().get(host, {}).get("auth")
        if auth:
            self.headers["Authorization"] = f"Basic {auth}"

    def send(self, method, path, body=None, headers=None, length=None):
        """Return status, headers and the answer's body."""
        connection = http.client.HTTPConnection(self.address.netloc, timeout=120)
        try:
            known = {**self.headers, **(headers or {})}
            if length is not None:
                known["Content-Length"] = str(length)
            connection.request(method, path, body=body, headers=known)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read(LIMIT + 1)
        except OSError as error:
            raise Failed(f"failed to do request: {method} {self.host}: {error}") from error
        finally:
            connection.close()

    def check(self, status, body, wanted):
        """Explain an answer that is not the wanted one."""
        if status in wanted:
            return
        try:
            first = json.loads(body)["errors"][0]
            detail = f"{first['code'].lower()}: {first['message']}"
        except (ValueError, KeyError, IndexError, TypeError):
            detail = f"status {status}"
        known = {401: "unauthorized: authentication required", 403: f"denied: {detail}"}
        raise Failed(
            f"failed to push {self.host}/{self.name}: {known.get(status, detail)}"
        )

    def manifest(self):
        """Return digest, media type and bytes of what the reference names."""
        path = f"/v2/{self.name}/manifests/{self.target}"
        status, headers, body = self.send("GET", path, headers={"Accept": ACCEPT})
        if status == 404:
            raise Failed(f"{self.host}/{self.name}:{self.target}: not found")
        self.check(status, body, {200})
        return _digest(body), headers.get("Content-Type", MANIFEST), body

    def put_manifest(self, body, media_type, target):
        """Push a manifest under a tag or its digest."""
        path = f"/v2/{self.name}/manifests/{target}"
        status, _, answer = self.send("PUT", path, body, {"Content-Type": media_type})
        self.check(status, answer, {201})

    def put_blob(self, digest, file):
        """Push a blob, unless it is there."""
        status, _, body = self.send("HEAD", f"/v2/{self.name}/blobs/{digest}")
        if status == 200:
            return
        self.check(status, body, {404})
        status, headers, body = self.send("POST", f"/v2/{self.name}/blobs/uploads/")
        self.check(status, body, {202})
        location = urllib.parse.urlsplit(headers["Location"])
        query = f"{location.query}&" if location.query else ""
        path = f"{location.path}?{query}digest={urllib.parse.quote(digest)}"
        with open(file, "rb") as content:
            status, _, body = self.send(
                "PUT",
                path,
                content,
                {"Content-Type": "application/octet-stream"},
                os.path.getsize(file),
            )
        self.check(status, body, {201})


def _logins():
    home = os.environ.get("DOCKER_CONFIG") or os.path.join(os.environ["HOME"], ".docker")
    try:
        with open(os.path.join(home, "config.json"), encoding="utf-8") as file:
            return json.load(file).get("auths", {})
    except (OSError, ValueError):
        return {}


def _digest(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _layout_blob(folder, digest):
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        raise Failed(f"invalid digest {digest!r}")
    return os.path.join(folder, "blobs", "sha256", digest[7:])


def _read(file):
    with open(file, "rb") as content:
        return content.read(LIMIT + 1)


def push_layout(folder, repository):
    """Copy an OCI layout, byte for byte; return its digest."""
    try:
        entries = json.loads(_read(os.path.join(folder, "index.json")))["manifests"]
    except (OSError, ValueError, KeyError) as error:
        raise Failed(f"{folder} is no OCI layout: {error}") from error
    if len(entries) != 1:
        raise Failed("more than one image in oci, choose an image")
    _push(folder, entries[0], repository, repository.target)
    return entries[0]["digest"]


def _push(folder, descriptor, repository, target):
    body = _read(_layout_blob(folder, descriptor["digest"]))
    if _digest(body) != descriptor["digest"]:
        raise Failed(f"{descriptor['digest']} of the layout has another content")
    content = json.loads(body)
    for child in content.get("manifests", []):
        _push(folder, child, repository, child["digest"])
    blobs = [*content.get("layers", []), content.get("config")]
    for blob in filter(None, blobs):
        print(f"Copying blob {blob['digest']}", file=sys.stderr)
        repository.put_blob(blob["digest"], _layout_blob(folder, blob["digest"]))
    repository.put_manifest(body, descriptor["mediaType"], target)


def skopeo(registries, words):
    """`skopeo copy` from a layout to a registry."""
    names = [word for word in words if not word.startswith("-")]
    if names[:1] != ["copy"] or len(names) != 3:
        raise Failed("of skopeo, the local platform has `copy oci:FOLDER docker://IMAGE`")
    source, target = names[1:]
    if not source.startswith("oci:") or not target.startswith("docker://"):
        raise Failed(f"the local platform cannot copy {source} to {target}")
    repository = Repository(registries, target[len("docker://") :])
    push_layout(source[len("oci:") :], repository)
    print("Writing manifest to image destination", file=sys.stderr)


def docker(registries, words):
    """`docker buildx imagetools`; there is no engine for the rest."""
    if words[:2] == ["buildx", "version"]:
        print("buildx: the local platform's stand-in, for imagetools only")
    elif words[:3] == ["buildx", "imagetools", "create"]:
        create(registries, words[3:])
    elif words[:3] == ["buildx", "imagetools", "inspect"]:
        inspect(registries, words[3:])
    else:
        raise Failed(
            "Cannot connect to the Docker daemon: the local platform has no Docker engine, only `docker buildx imagetools`"
        )


def create(registries, words):
    """Join the images of several platforms to one index."""
    tags, sources = [], []
    while words:
        word = words.pop(0)
        if word in ("-t", "--tag"):
            tags.append(words.pop(0))
        elif word.startswith("--tag="):
            tags.append(word[len("--tag=") :])
        elif word.startswith("-"):
            raise Failed(f"the local platform's imagetools create has no {word}")
        else:
            sources.append(word)
    if not sources or not tags:
        raise Failed("no repositories specified, please set a reference in tag or source")
    manifests = []
    for source in sources:
        repository = Repository(registries, source)
        digest, media_type, body = repository.manifest()
        content = json.loads(body)
        if "manifests" in content:
            manifests.extend(content["manifests"])
            continue
        entry = {"mediaType": media_type, "digest": digest, "size": len(body)}
        config = content["config"]["digest"]
        path = f"/v2/{repository.name}/blobs/{config}"
        status, _, answer = repository.send("GET", path)
        repository.check(status, answer, {200})
        known = json.loads(answer)
        platform = {key: known[key] for key in ("architecture", "os", "variant") if known.get(key)}
        manifests.append({**entry, "platform": platform})
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
    body = json.dumps(index, separators=(",", ":")).encode()
    for tag in tags:
        target = Repository(registries, tag)
        target.put_manifest(body, INDEX, target.target)
        print(f"pushing {_digest(body)} to {tag}", file=sys.stderr)


def inspect(registries, words):
    """Show a digest, or the manifest as it is."""
    names, style, raw = [], "", False
    while words:
        word = words.pop(0)
        if word == "--format":
            style = words.pop(0)
        elif word == "--raw":
            raw = True
        else:
            names.append(word)
    repository = Repository(registries, names[0] if names else "")
    digest, media_type, body = repository.manifest()
    if raw:
        sys.stdout.write(body.decode())
    elif re.sub(r"\s", "", style) == "{{.Manifest.Digest}}":
        print(digest)
    elif style:
        raise Failed(f"the local platform's imagetools inspect has no format {style}")
    else:
        print(f"Name:      {names[0]}\nMediaType: {media_type}\nDigest:    {digest}")


def main():
    """Do what the program that this stands in for was called for."""
    with open(sys.argv[1], encoding="utf-8") as file:
        registries = json.load(file)
    program, words = sys.argv[2], sys.argv[3:]
    try:
        {"docker": docker, "skopeo": skopeo}[program](registries, words)
    except (Failed, IndexError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
