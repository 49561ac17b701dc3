"""Notes at the registered version which image holds it, once the image is signed."""

from __future__ import annotations

import os
import re

from greenroom_ml.config import Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.registry import tracking

IMAGE_DIGEST_TAG = "greenroom.image.digest"


def record(config: Config, version: str, digest: str) -> None:
    """Tag a version with the digest of its image; another digest takes its place."""
    if not re.fullmatch(r"[1-9]\d*", version):
        raise PipelineError("MODEL_VERSION must name the registered version, e.g. 3")
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", digest):
        raise PipelineError("IMAGE_DIGEST must be the image's digest, sha256:…")
    with tracking.mlflow_connection() as client:
        client.set_model_version_tag(
            config.mlflow.registered_model, version, IMAGE_DIGEST_TAG, digest
        )


def main() -> None:
    """Note the image that MODEL_VERSION and IMAGE_DIGEST name."""
    config = load_config()
    version = os.environ.get("MODEL_VERSION", "").strip()
    digest = os.environ.get("IMAGE_DIGEST", "").strip()
    record(config, version, digest)
    print(f"{config.mlflow.registered_model} v{version} is in the image {digest}")
