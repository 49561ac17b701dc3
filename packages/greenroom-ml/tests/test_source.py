"""A data set that is too large for the repository is fetched whole, or not at all."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from pathlib import Path
from typing import Iterator

import pytest
from conftest import Repository
from test_data import column, csv_config, table

from greenroom_ml import data
from greenroom_ml.errors import PipelineError
from greenroom_ml.registry import source


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve the files of a dictionary; one whose name ends in `!` breaks off."""
    files: dict[str, bytes] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path)
            self.send_response(404 if content is None else 200)
            content = content or b""
            broken = self.path.endswith("!")
            self.send_header("Content-Length", str(len(content) + 10 * broken))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", files
        httpd.shutdown()
        thread.join()


def test_a_large_data_set_is_downloaded_and_checked(
    repository: Repository,
    server: tuple[str, dict[str, bytes]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, files = server
    content = table([1, 2] * 20).encode()
    files["/t.csv"] = content
    loaded = csv_config(repository, "", [column("x"), column("y")])
    folder = loaded.csv_file.parent
    loaded.csv_file.unlink()
    path = folder / "schema.json"
    described = json.loads(path.read_text())
    described["source"] = {
        "file": "data/table.csv",
        "url": f"{url}/t.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
    path.write_text(json.dumps(described))
    with pytest.raises(PipelineError, match="run `make data`"):
        data.load_data(loaded)

    data.main()
    assert "Downloaded" in capsys.readouterr().out
    assert loaded.csv_file.read_bytes() == content
    assert sorted(each.name for each in folder.iterdir()) == [
        "schema.json",
        "table.csv",
    ]

    files["/t.csv"] = content.replace(b"1", b"3")
    data.main()
    assert "Downloaded" not in capsys.readouterr().out
    loaded.csv_file.unlink()
    with pytest.raises(PipelineError, match="has changed: its SHA-256 is"):
        data.main()
    assert [each.name for each in folder.iterdir()] == ["schema.json"]


def test_a_download_that_fails_leaves_nothing_behind(
    tmp_path: Path, server: tuple[str, dict[str, bytes]]
) -> None:
    url, files = server
    files["/cut!"] = b"x,y\n1,2\n"
    for address, message in (
        (f"{url}/cut!", "cannot be downloaded"),
        (f"{url}/nowhere", "cannot be downloaded: .*404"),
        ("file:///etc/passwd", "is not an http"),
    ):
        with pytest.raises(PipelineError, match=message):
            source.download(
                address, hashlib.sha256(b"").hexdigest(), tmp_path / "t.csv"
            )
    assert not list(tmp_path.iterdir())


def test_a_secret_opens_what_the_address_does_not(
    tmp_path: Path,
    server: tuple[str, dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, files = server
    files["/t.csv?key=hush"] = content = b"x,y\n1,2\n"
    digest, path = hashlib.sha256(content).hexdigest(), tmp_path / "t.csv"
    with pytest.raises(PipelineError, match="404.*set DATA_URL"):
        source.download(f"{url}/t.csv", digest, path)
    for address in (
        f"{url}/no?key=hush",
        f"{url}/a b?key=hush",
        "hush",
        "http://:hush",
    ):
        monkeypatch.setenv("DATA_URL", address)
        with pytest.raises(PipelineError) as refused:
            source.download(f"{url}/t.csv", digest, path)
        assert "hush" not in str(refused.value)
    monkeypatch.setenv("DATA_URL", f"{url}/t.csv?key=hush")
    assert source.download(f"{url}/t.csv", digest, path)
    assert path.read_bytes() == content
