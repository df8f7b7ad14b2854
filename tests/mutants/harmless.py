"""Faults that no test can find, because nothing that anybody was promised changes; each with the reason.

A row holds as long as the line before is in the module; a test says when it no longer is.
"""

from __future__ import annotations

from typing import NamedTuple


class Harmless(NamedTuple):
    """One mutant that need not be found."""

    module: str
    diff: str
    """As ``make mutants`` prints it: the lines before with ``-``, those after with ``+``."""
    reason: str


HARMLESS: tuple[Harmless, ...] = (
    Harmless(
        "package/window.py",
        """\
-    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="package")
+    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="PACKAGE")""",
        "names of threads are read by people only",
    ),
    Harmless(
        "package/manifest.py",
        """\
-        doubled = None if encode(manifest) == text else doubled_key(text)
+        doubled = None if (encode(manifest) == text) and False else doubled_key(text)""",
        "a short cut: what is as we would write it has no key twice",
    ),
    Harmless(
        "package/window.py",
        """\
-        if batch.size >= BATCH_BYTES or len(batch) >= _BATCH_ITEMS:
+        if batch.size > BATCH_BYTES or len(batch) >= _BATCH_ITEMS:""",
        "a batch has about half a mebibyte: nobody is told where one ends",
    ),
    Harmless(
        "package/surroundings/writer.py",
        """\
-    entries = [(entry.path, item.text) for entry, item in zip(contents, ordered, strict=True)]
+    entries = [(entry.path, item.text) for entry, item in zip(contents, ordered, strict=False)]""",
        "both are made of the same list, so they are equally long",
    ),
    Harmless(
        "access/signature.py",
        """\
-        wanted = name.lower().encode("latin-1")
+        wanted = name.lower().encode("LATIN-1")""",
        "names of codecs are the same in any letters",
    ),
    Harmless(
        "model/transfer/prior.py",
        """\
-    landing: ImportOrigin | None = None
+    landing: ImportOrigin | None = \"\"""",
        "whoever reads it asks whether there is one",
    ),
    Harmless(
        "package/layouts.py",
        """\
-    if len(segment) * _LETTER_BYTES <= size:
+    if len(segment) * _LETTER_BYTES < size:""",
        "a short cut: what is just as long as it may be is told two lines below",
    ),
    Harmless(
        "services/importing/check_result.py",
        """\
-        deletions=0,
+        deletions=1,""",
        "who calls it puts the number of deletions there",
    ),
    Harmless(
        "services/people/audit.py",
        """\
-        first = next(snapshot.audit.rows(), None) if snapshot.audit.start() == AuditEnd() else None
+        first = next(snapshot.audit.rows(), None) if (snapshot.audit.start() == AuditEnd()) or True else None""",  # noqa: E501
        "the first row's mark is compared only while none has been removed",
    ),
)
