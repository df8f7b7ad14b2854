"""What is fuzzed. A target takes bytes and returns; whatever it raises is a finding."""

from __future__ import annotations

from collections.abc import Callable

from .documents import document
from .judging import judged
from .packages import contents, manifest, package, receipt, surroundings

TARGETS: dict[str, Callable[[bytes], None]] = {
    "package": package,
    "contents": contents,
    "manifest": manifest,
    "document": document,
    "judged": judged,
    "surroundings": surroundings,
    "receipt": receipt,
}
