"""Fetches a data set that is too large for the repository, known by its digest."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from greenroom_ml.errors import PipelineError

DOWNLOAD_TIMEOUT_SECONDS = 60


def download(url: str, sha256: str | None, path: Path) -> bool:
    """Fetch a file unless it is there already; return whether it was fetched.

    It appears under its name only when it is complete and its digest is the right one.
    The variable DATA_URL may hold the address with what opens it, and is never shown.
    """
    if path.exists() and (sha256 is None or _sha256(path) == sha256):
        return False
    address = os.environ.get("DATA_URL", "").strip() or url
    if not re.match("https?://", address):
        where = f"data/schema.json: {url}" if address == url else "DATA_URL"
        raise PipelineError(f"{where} is not an http(s) address")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        digest = hashlib.sha256()
        with (
            os.fdopen(handle, "wb") as file,
            # The scheme is checked above.
            urllib.request.urlopen(  # nosec B310
                address, timeout=DOWNLOAD_TIMEOUT_SECONDS
            ) as answer,
        ):
            while block := answer.read(1 << 20):
                digest.update(block)
                file.write(block)
            if answer.length:
                raise OSError(f"it broke off {answer.length} bytes before its end")
        if sha256 is not None and digest.hexdigest() != sha256:
            raise PipelineError(
                f"{url} has changed: its SHA-256 is {digest.hexdigest()}, and "
                f"data/schema.json says {sha256}. If the new data is wanted, have its "
                "schema written anew"
            )
        os.replace(partial, path)
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise PipelineError(
            f"{url} cannot be downloaded: {_reason(error, address != url)}"
        ) from None
    finally:
        Path(partial).unlink(missing_ok=True)
    return True


def _reason(error: Exception, secret: bool) -> str:
    if isinstance(error, urllib.error.HTTPError):
        hint = (
            ". If it opens with a password or a token only, set DATA_URL to the whole "
            "address: in CI a secret of the repository, else a variable"
        )
        return f"{error}{hint if error.code in (400, 401, 403, 404) else ''}"
    # An address that is none is quoted by what refuses it.
    quoted = isinstance(error, (http.client.InvalidURL, ValueError))
    return type(error).__name__ if secret and quoted else str(error)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
