"""The search for secrets in what a run leaves finds them, and only where they do not belong."""

from __future__ import annotations

import json
from pathlib import Path

from jobferry.access.sealing import new_secret_key, new_token
from leaks import leaks

_BORDER = 8 * 1024 * 1024


def _written(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_tokens_keys_and_announced_secrets_are_found_where_they_do_not_belong(tmp_path: Path) -> None:
    key, said = new_secret_key(), "an-announced-secret"
    _written(tmp_path / "announced.json", json.dumps([said]).encode())
    _written(tmp_path / "one" / "data" / "credentials.json", json.dumps({"secret_key": key}).encode())
    files = {
        "a token": _written(tmp_path / "serve.log", b"x" * (_BORDER - 20) + new_token().encode()),
        "a first start's secret key": _written(tmp_path / "one" / "platform.db", b"\0" + key.encode() + b"a"),
        "an announced secret": _written(tmp_path / "two.zip", said.encode("utf-16-le")),
    }
    try:
        assert {(leak.what, leak.file) for leak in leaks(tmp_path)} == set(files.items())
    finally:
        for file in files.values():
            file.unlink()


def test_files_that_exist_to_hold_a_secret_may(tmp_path: Path) -> None:
    kept = {"access_key": "A", "secret_key": new_secret_key(), "token": new_token()}
    _written(tmp_path / "data" / "credentials.json", json.dumps(kept).encode())
    _written(tmp_path / "config" / "login.json", json.dumps({"token": new_token()}).encode())
    assert leaks(tmp_path) == []
