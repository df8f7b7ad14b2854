"""What a platform answers about a package, from looking into it to exporting what came of it, as digests.

Ids, moments and digests that are made of them differ in every run, so they are masked; every text's own
digest stays. A plan's digest is asked for besides with an owner, a workspace and a clock that never change.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from builders import grant
from jobferry.api.native import exports
from jobferry.api.native.imports import ImportOptionsBody
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.cli.client import Client, EncodedList
from jobferry.cli.commands.imports import Waiting, applied, checked, made_value
from jobferry.cli.local import LocalClient
from jobferry.cli.problems import Refused
from jobferry.cli.report_pages import receipt_value
from jobferry.errors import JobferryError
from jobferry.model.transfer.policy import Duplicates, ImportOptions, MissingReference
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.writer import zip_chunks
from jobferry.services.importing.preview import preview
from jobferry.services.packages import inspect
from people import administrator, entered
from recorded.packages import Documents, changed, zipped

_NOW = 1_790_000_000_000
_MASKS = (
    (re.compile(rb"\b[0-9a-f]{32}\b"), b"ID"),
    (re.compile(rb"\b1[0-9]{12}\b"), b"0"),
    (re.compile(rb"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"), b"THEN"),
)
_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")
_HOLDING = ImportOptionsBody(duplicates=Duplicates.OVERWRITE, missing=MissingReference.HOLD)
_CONNECTION = b'{"name": "dwh", "type": "DWS", "config": {"clusterName": "dwh"}}'
_LANGUAGES = ("en", "zh")
_numbers = count(1)


def answers(running: RunningPlatform, folder: Path, documents: Documents) -> dict[str, str]:
    """The SHA-256 of each answer, by its name, about a package in a workspace of its own."""
    texts = [text for _, text in (*documents, *changed(documents))]
    known = {hashlib.sha256(text).hexdigest().encode() for text in texts}
    found = dict(_looked_at(running, documents))
    found |= {name: _masked(answer, known) for name, answer in _carried(running, folder, documents)}
    return {name: hashlib.sha256(answer).hexdigest() for name, answer in found.items()}


def _looked_at(running: RunningPlatform, documents: Documents) -> Iterator[tuple[str, bytes]]:
    """What is the same in every run as it stands."""
    package = zipped(documents)
    runtime = msgspec.structs.replace(running.parts.runtime, now=lambda: _NOW)
    yield "inspect", _told(lambda: inspect(io.BytesIO(package)))
    for missing in MissingReference:

        def planned(missing: MissingReference = missing) -> Any:
            with open_package(io.BytesIO(package), PackageLimits()) as opened:
                seen = preview(opened, grant(), ImportOptions(missing=missing), runtime)
            return seen.findings, seen.plan, seen.binding

        yield f"plan, missing: {missing}", _told(planned)
    yield "package", b"".join(zip_chunks(sorted(documents), level=0))


def _carried(running: RunningPlatform, folder: Path, documents: Documents) -> Iterator[tuple[str, bytes]]:
    """Checked, imported, imported again with changes, taken along: in each language by turns."""
    number = next(_numbers)
    place = f"recorded_{number}"
    running.workspaces.create(place, administrator(running))
    running.connections.create(entered(running, place), _CONNECTION)
    api = LocalClient(running, "here", place, _LANGUAGES[number % 2])
    file = folder / "package.zip"
    for name, texts in (("first", documents), ("again", documents), ("changed", changed(documents))):
        file.write_bytes(zipped(texts))
        if name == "first":
            yield "check", _told(lambda: _checked(api, file))
        yield f"{name}: import", _told(lambda: _imported(api, file))
    yield "export", _told(lambda: _exported(api))


def _checked(api: Client, file: Path) -> Any:
    with checked(api, str(file), ImportOptionsBody()) as waiting:
        return made_value(api, waiting.checked)


def _imported(api: Client, file: Path) -> Any:
    with checked(api, str(file), _HOLDING) as waiting:
        return made_value(api, waiting.checked), _receipt(api, waiting)


def _receipt(api: Client, waiting: Waiting) -> Any:
    with suppress(Refused):
        return receipt_value(api, applied(api, waiting))
    return None


def _exported(api: Client) -> Any:
    with api.stream(exports.export, exports.ExportBody()) as coming:
        package = b"".join(coming.chunks)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [
            (entry.filename, entry.date_time, entry.flag_bits, entry.external_attr, _text(archive, entry))
            for entry in archive.infolist()
        ]


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    return archive.read(entry).decode()


def _told(ask: Callable[[], Any]) -> bytes:
    """An answer as JSON, in the order that it has; of an error its code, sentences and hint."""
    try:
        answer = ask()
    except (JobferryError, Refused) as error:
        answer = [type(error).__name__, error.message, error.hint]
    return msgspec.json.encode(_joined(answer), enc_hook=str)


def _joined(answer: Any) -> Any:
    """An answer with the pages of its long lists as one list."""
    if isinstance(answer, EncodedList):
        return msgspec.Raw(b"[" + b",".join(page[1:-1] for page in answer.pages) + b"]")
    if isinstance(answer, dict):
        return {key: _joined(value) for key, value in answer.items()}
    return tuple(_joined(value) for value in answer) if isinstance(answer, tuple) else answer


def _masked(answer: bytes, known: set[bytes]) -> bytes:
    for mask, instead in _MASKS:
        answer = mask.sub(instead, answer)
    return _DIGEST.sub(lambda found: found[0] if found[0] in known else b"DIGEST", answer)
