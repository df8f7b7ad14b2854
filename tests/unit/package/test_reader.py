"""What is read from packages that can be read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import msgspec
import pytest

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Deletion, Entry, Layout, Manifest, PackedFile, Provenance
from jobferry.package import deflate
from jobferry.package.layouts import file_path, path_of
from jobferry.package.limits import PackageLimits
from jobferry.package.manifest import encode
from jobferry.package.reader import OpenPackage, open_package
from jobferry.package.writer import package_chunks, zip_chunks

LIMITS = PackageLimits()
OBJECTS = [
    (ObjectKind.CDM, "主集群/load", b'{"cdm": 1}'),
    (ObjectKind.JOB, "orders", b'{"name": "orders"}'),
    (ObjectKind.JOB, "月" * 100, b'{"name": "long"}'),
    (ObjectKind.RESOURCE, "lib", b'{"name": "lib"}'),
    (ObjectKind.SCRIPT, "..", b"\xef\xbb\xbf{}"),
    (ObjectKind.SCRIPT, "a/b", b""),
]


def opened(package: bytes) -> OpenPackage:
    return open_package(io.BytesIO(package), LIMITS)


def placed(layout: Layout) -> list[tuple[Entry, bytes]]:
    entries = [
        (
            Entry(
                kind=kind,
                name=name,
                path=path_of(layout, kind, name, "orders"),
                size=len(text),
                sha256=hashlib.sha256(text).hexdigest(),
            ),
            text,
        )
        for kind, name, text in OBJECTS
    ]
    return sorted(entries, key=lambda one: one[0].path)


def manifest_of(entries: list[Entry], **changes: Any) -> Manifest:
    whole = Manifest(
        format=1,
        contents=tuple(entries),
        provenance=Provenance(platform_id="p", platform_name="n", workspace="w"),
    )
    return msgspec.structs.replace(whole, **changes)


def packed(layout: Layout, manifest: Manifest | None, objects: list[tuple[Entry, bytes]]) -> bytes:
    return b"".join(package_chunks(layout, manifest, [(entry.path, text) for entry, text in objects]))


def refused(package: bytes) -> PackageRefused:
    with pytest.raises(PackageRefused) as caught, opened(package) as one:
        list(one.documents())
    return caught.value


@pytest.mark.parametrize("layout", Layout)
def test_a_round_trip_with_a_manifest(layout: Layout) -> None:
    objects = placed(layout)
    manifest = manifest_of([entry for entry, _ in objects])
    with opened(packed(layout, manifest, objects)) as package:
        assert package.manifest == manifest
        assert package.layout is layout
        assert package.warnings == ()
        assert list(package.documents()) == objects
        assert [package.text(entry) for entry in package.entries] == [text for _, text in objects]


@pytest.mark.parametrize("layout", Layout)
def test_a_round_trip_without_one(layout: Layout) -> None:
    objects = [(entry, text) for entry, text in placed(layout) if "~" not in entry.path]
    with opened(packed(layout, None, objects)) as package:
        assert package.manifest is None
        assert package.layout is layout
        assert package.entries == tuple(msgspec.structs.replace(entry, sha256="") for entry, _ in objects)
        assert list(package.documents()) == objects


def test_a_manifest_of_another_layout_is_a_bug() -> None:
    manifest = manifest_of([entry for entry, _ in placed(Layout.TASK)])
    with pytest.raises(ValueError, match="task layout"):
        package_chunks(Layout.FACTORY, manifest, [])


def test_a_text_is_found_by_its_path(zips: Any) -> None:
    package = opened(zips.raw(zips.entry()))
    named = msgspec.structs.replace(package.entries[0], name="renamed", sha256="0" * 64, size=1)
    assert package.text(named) == zips.job


def test_many_documents_come_in_order() -> None:
    texts = {f"jobs/{n:05}.job": str(n).encode() * 500 for n in range(3_000)}
    shuffled = sorted(
        texts.items(), key=lambda one: hashlib.md5(one[0].encode(), usedforsecurity=False).digest()
    )
    with opened(b"".join(zip_chunks(shuffled))) as package:
        assert [(entry.path, text) for entry, text in package.documents()] == sorted(texts.items())


def test_the_standard_librarys_zips_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("jobs")
        archive.writestr("jobs/订单.job", "{}" * 500)
        with archive.open("jobs/b.job", "w", force_zip64=True) as entry:
            entry.write(b"{}")
        archive.comment = "备注".encode()
    with opened(out.getvalue()) as package:
        assert [entry.name for entry in package.entries] == ["b", "订单"]
        assert [len(text) for _, text in package.documents()] == [2, 1000]


def test_a_streamed_zip_is_read() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any, /) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/a.job", "{}" * 500)
        archive.writestr("a/b.job", "")
    with opened(pipe.data) as package:
        assert package.layout is Layout.TASK
        assert [len(text) for _, text in package.documents()] == [1000, 0]


def test_names_in_old_encodings(zips: Any) -> None:
    names = ["经营日报".encode("gbk"), b"\x81", "日报".encode(), b"plain"]
    entries = [zips.entry(b"jobs/" + name + b".job") for name in names]
    package = zips.read(zips.raw(*entries))
    assert sorted(entry.name for entry in package.entries) == sorted(["经营日报", "ü", "日报", "plain"])
    told = {problem.path: problem.args["encoding"] for problem in package.warnings}
    assert told == {"jobs/经营日报.job": "GBK", "jobs/ü.job": "CP437"}
    assert {problem.code for problem in package.warnings} == {"legacy-name-encoding"}


def test_a_gbk_name_may_hold_a_backslash_byte(zips: Any) -> None:
    raw = b"jobs/" + "誠".encode("gbk") + b".job"
    assert b"\\" in raw
    assert zips.read(zips.raw(zips.entry(raw))).entries[0].name == "誠"


def test_a_unicode_field_names_the_entry(zips: Any) -> None:
    raw = b"jobs/\x93.job"
    field = b"\1" + deflate.checksum(raw).to_bytes(4, "little") + "jobs/ô.job".encode()
    extra = b"up" + len(field).to_bytes(2, "little") + field
    package = zips.read(zips.raw(zips.entry(raw, central={"extra": extra})))
    assert (package.entries[0].name, package.warnings) == ("ô", ())


@pytest.mark.parametrize(("flags", "reads"), [(0, True), (0x800, False)])
def test_a_unicode_field_beside_an_ascii_name_holds_only_without_flag_11(
    zips: Any, flags: int, reads: bool
) -> None:
    """WinRAR writes ``__.job`` and the true name in the field; a UTF-8 name would have a second one there."""
    raw = b"jobs/__.job"
    field = b"\1" + deflate.checksum(raw).to_bytes(4, "little") + "jobs/订单.job".encode()
    extra = b"up" + len(field).to_bytes(2, "little") + field
    package = zips.raw(zips.entry(raw, flags=flags, central={"extra": extra}))
    if reads:
        assert zips.read(package).entries[0].name == "订单"
    else:
        assert "another name in its Unicode field" in refused(package).message


def test_a_unicode_field_cannot_lead_out_of_the_folder(zips: Any) -> None:
    raw = b"jobs/a.job"
    field = b"\1" + deflate.checksum(raw).to_bytes(4, "little") + b"../a.job"
    extra = b"up" + len(field).to_bytes(2, "little") + field
    assert refused(zips.raw(zips.entry(raw, central={"extra": extra}))).code is ErrorCode.PACKAGE_UNSAFE


@pytest.mark.parametrize("broken", [b"\0" + bytes(4) + b"x", b"\1" + bytes(4) + b"x", b"\1", b""])
def test_a_unicode_field_of_another_name_or_version_does_not_count(zips: Any, broken: bytes) -> None:
    extra = b"up" + len(broken).to_bytes(2, "little") + broken
    assert zips.read(zips.raw(zips.entry(central={"extra": extra}))).entries[0].name == "orders"


def test_twins_are_told(zips: Any) -> None:
    package = zips.read(zips.raw(*(zips.entry(f"jobs/{name}.job") for name in ("a", "A", "é", "e\u0301"))))
    told = [(problem.code, problem.path, problem.args["other"]) for problem in package.warnings]
    assert told == [
        ("twin-names", "jobs/a.job", "jobs/A.job"),
        ("twin-names", "jobs/é.job", "jobs/e\u0301.job"),
    ]


def test_what_is_not_known_is_told_once(zips: Any) -> None:
    names = ["jobs/a.job", "readme.txt", "z.bin", "jobs/.DS_Store", "__MACOSX/jobs/._a.job"]
    package = zips.read(zips.raw(*map(zips.entry, names)))
    assert [entry.path for entry in package.entries] == ["jobs/a.job"]
    assert [(problem.code, problem.args) for problem in package.warnings] == [
        ("unknown-entry", {"count": "2", "example": "readme.txt"})
    ]


def test_resource_files_are_read_by_their_digest() -> None:
    data = b"jar"
    digest = hashlib.sha256(data).hexdigest()
    entries = [(file_path(digest), data), (file_path("0" * 64), data), ("a.job", b"{}")]
    package = opened(b"".join(zip_chunks(entries)))
    assert package.files == {digest, "0" * 64}
    assert package.warnings == ()
    assert b"".join(package.file(digest)) == data
    with pytest.raises(PackageRefused, match="does not have the digest"):
        list(package.file("0" * 64))


@pytest.mark.parametrize(("name", "size", "reason"), [("0", 3, "not in the package"), ("1", 4, "says 4")])
def test_a_resource_file_that_is_not_as_the_manifest_says_is_refused(
    name: str, size: int, reason: str
) -> None:
    objects = placed(Layout.FACTORY)
    listed = PackedFile(sha256=name * 64, size=size)
    manifest = manifest_of([entry for entry, _ in objects], format=2, files=(listed,))
    entries = [("manifest.json", encode(manifest)), (file_path("1" * 64), b"jar")]
    entries += [(entry.path, text) for entry, text in objects]
    error = refused(b"".join(zip_chunks(entries)))
    assert (error.code, error.subject) == (ErrorCode.PACKAGE_ALTERED, file_path(name * 64))
    assert reason in error.message


def test_deletions_alone_are_a_package() -> None:
    gone = Deletion(kind=ObjectKind.JOB, name="old", uid="u")
    with opened(packed(Layout.FACTORY, manifest_of([], deletions=(gone,)), [])) as package:
        assert package.entries == ()
    assert refused(packed(Layout.FACTORY, manifest_of([]), [])).code is ErrorCode.PACKAGE_EMPTY


@pytest.mark.parametrize("kind", ["text", "missing", "unlisted", "twice", "kind", "size"])
def test_an_altered_package_is_refused_by_name(kind: str) -> None:
    objects = placed(Layout.FACTORY)
    entries = [entry for entry, _ in objects]
    at = next(place for place, entry in enumerate(entries) if entry.name == "orders")
    victim, text = objects[at]
    if kind == "text":
        objects[at] = (victim, text.swapcase())
    elif kind == "missing":
        del objects[at]
    elif kind == "unlisted":
        del entries[at]
    elif kind == "twice":
        entries.append(victim)
    elif kind == "kind":
        entries[at] = msgspec.structs.replace(victim, kind=ObjectKind.SCRIPT)
    else:
        entries[at] = msgspec.structs.replace(victim, size=1)
    package = packed(Layout.FACTORY, manifest_of(entries), objects)
    error = refused(package)
    assert (error.code, error.subject) == (ErrorCode.PACKAGE_ALTERED, "jobs/orders.job")


def test_an_altered_text_shows_when_it_is_read_alone() -> None:
    objects = placed(Layout.FACTORY)
    package = opened(
        packed(Layout.FACTORY, manifest_of([e for e, _ in objects]), [(e, t.swapcase()) for e, t in objects])
    )
    entry = next(entry for entry in package.entries if entry.name == "orders")
    with pytest.raises(PackageRefused, match="other contents"):
        package.text(entry)


def test_a_package_opened_by_an_earlier_index_is_read_as_before() -> None:
    package = packed(Layout.FACTORY, None, placed(Layout.FACTORY))
    first = opened(package)
    again = open_package(io.BytesIO(package), LIMITS, first.index)
    assert list(again.documents()) == list(first.documents())
    assert (again.layout, again.warnings, again.size) == (first.layout, first.warnings, len(package))


def test_a_package_that_changed_after_it_was_indexed_is_refused_when_it_is_read() -> None:
    objects = placed(Layout.FACTORY)
    first = opened(packed(Layout.FACTORY, None, objects))
    changed = [(entry, text.upper()) for entry, text in objects]
    package = packed(Layout.FACTORY, None, changed)
    again = open_package(io.BytesIO(package), LIMITS, first.index)
    with pytest.raises(PackageRefused):
        list(again.documents())


def test_zlib_reads_what_isal_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    written = b"".join(zip_chunks([("a.job", b"{}" * 900), ("b.job", b"")]))
    monkeypatch.setattr(deflate, "igzip", None)
    monkeypatch.setattr(deflate, "isal_zlib", None)
    with opened(written) as package:
        assert [text for _, text in package.documents()] == [b"{}" * 900, b""]
    broken = written.replace(written[35:40], b"\xff" * 5)
    assert refused(broken).code is ErrorCode.PACKAGE_UNREADABLE
