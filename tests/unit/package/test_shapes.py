"""Random trips: whatever is written is read back, whatever is damaged is refused by name."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from jobferry.errors import PackageRefused
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Layout
from jobferry.package.layouts import classify, path_of
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.writer import zip_chunks

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=140)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(Layout),
    st.lists(names, unique=True, min_size=1, max_size=8),
    names,
    st.binary(max_size=300),
)
def test_any_name_travels(layout: Layout, many: list[str], owner: str, text: bytes) -> None:
    entries = {path_of(layout, ObjectKind.SCRIPT, name, owner or "o"): text for name in many}
    assert len(entries) == len(many)
    written = b"".join(zip_chunks(sorted(entries.items())))
    with open_package(io.BytesIO(written), PackageLimits()) as package:
        assert {entry.path: data for entry, data in package.documents()} == entries
        short = [name for name in many if "~" not in path_of(layout, ObjectKind.SCRIPT, name, owner or "o")]
        assert set(short) <= {entry.name for entry in package.entries}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_is_refused_or_harmless(data: st.DataObject) -> None:
    texts = {f"jobs/{n}.job": bytes([65 + n]) * 99 for n in range(3)}
    broken = bytearray(b"".join(zip_chunks(texts.items())))
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        with open_package(io.BytesIO(bytes(broken)), PackageLimits()) as package:
            for entry, text in package.documents():
                assert texts.get(entry.path, text) == text
    except PackageRefused as refused:
        assert refused.message


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    try:
        open_package(io.BytesIO(data), PackageLimits())
    except PackageRefused as refused:
        assert refused.hint
    else:
        raise AssertionError("nobody writes a package by chance")


@given(st.text(max_size=200))
def test_any_path_is_classified_or_not(path: str) -> None:
    place = classify(path)
    assert place is None or place.kind in ObjectKind
