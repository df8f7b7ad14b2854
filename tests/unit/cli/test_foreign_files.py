"""Files that others made, read by the command line: whatever is wrong, the error names them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobferry.cli import options
from jobferry.cli.commands.exports.extents import extents_said
from jobferry.cli.transfer import inventory_files, mapping_files, planfile
from jobferry.errors import InvalidRequest

NESTED = "[" * 100_000
LAUGHS = "[&n0 [x, x]" + "".join(f", &n{one} [*n{one - 1}, *n{one - 1}]" for one in range(1, 60)) + "]"


@pytest.mark.parametrize(
    "read",
    [
        options.mapping_file,
        mapping_files.rules,
        inventory_files.things,
        planfile.read,
        lambda file: extents_said(full=False, since_last=False, span=(None, None), receipt=file),
    ],
)
@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_one_that_is_nested_too_deep_is_refused_by_name(
    read: Callable[[Path], Any], ending: str, tmp_path: Path
) -> None:
    file = tmp_path / f"deep.{ending}"
    file.write_text(NESTED)
    with pytest.raises(InvalidRequest) as told:
        read(file)
    assert str(file) in told.value.message
    assert told.value.hint


def test_a_value_that_unfolds_without_end_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "laughs.yaml"
    file.write_text(f"connection: {{dwh: {LAUGHS}}}")
    with pytest.raises(InvalidRequest, match="connection: dwh: list is no name"):
        options.mapping_file(file)
