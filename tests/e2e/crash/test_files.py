"""kill -9 while a resource's file lands: no half object, and the import is carried on."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crashing.lives import Point, Served, Zygote, serve, served
from crashing.state import address_of, books_of, is_sound, state_of, strays

from .conftest import Trip

JAR = b"a jar of bytes" * 100_000
SHA = hashlib.sha256(JAR).hexdigest()
PLACE = Path("objects/bucket/kept/resources") / SHA / "lookup.jar"


def package() -> bytes:
    content = io.BytesIO()
    document = {"name": "lookup", "type": "jar", "location": f"files/{SHA}/lookup.jar"}
    with zipfile.ZipFile(content, "w") as whole:
        whole.writestr("resources/lookup.resource", json.dumps(document))
        whole.writestr(f"files/{SHA}", JAR)
    return content.getvalue()


@pytest.mark.parametrize("name", ["object-closing", "import-file-placed", "import-committing"])
def test_killed_while_a_file_lands(
    zygote: Zygote, trip: Trip, folder: Path, age: Callable[[Path], None], name: str
) -> None:
    with served(zygote, folder) as platform:
        settings = {"default_object_path": "obs://bucket/kept"}
        platform.http.patch("/api/workspaces/default/settings", json=settings).raise_for_status()
    old = state_of(address_of(folder))
    running = serve(zygote, folder, Point(name, armed=False))
    assert isinstance(running, Served)
    running.arm()
    assert running.dies_in(lambda platform: platform.land(package())) == name
    place = folder / PLACE
    assert not place.exists() or place.read_bytes() == JAR
    assert state_of(address_of(folder)) == old
    age(folder)
    with served(zygote, folder) as again:
        begun = sorted(books_of(address_of(folder), address_of(folder, "tasks.db")).tasks)
        assert "SUCCESSFUL" in {again.ended(task)["status"] for task in begun}
        made = again.http.get("/api/workspaces/default/documents/resource/lookup")
        assert made.json()["location"] == f"obs://{PLACE.relative_to('objects')}"
        again.life.kill()
    assert place.read_bytes() == JAR
    assert strays(folder) <= {"address.json"}
    assert is_sound(folder)
