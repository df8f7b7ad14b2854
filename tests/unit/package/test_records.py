"""Fields of zip headers, found among others."""

from __future__ import annotations

import struct

import pytest

from jobferry.package.records import extra_field


@pytest.mark.parametrize("content", [b"", b"a", b"name in utf-8"])
def test_an_extra_field_ends_where_the_next_one_begins(content: bytes) -> None:
    fields = [(1, b"before"), (7, content), (9, b"after")]
    extra = b"".join(struct.pack("<2H", kind, len(field)) + field for kind, field in fields)
    assert extra_field(extra, 7) == content
    assert extra_field(extra, 9) == b"after"
    assert extra_field(extra, 8) is None
