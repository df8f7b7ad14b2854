"""The package

What is odd about a package's own make-up.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from builders import complete, written
from findings.example import Case, Example, File, job, resource
from jobferry.model.kinds import ObjectKind

X = hashlib.sha256(b"x").hexdigest()
TEXT = written(complete({"name": "日报"}))
OLD = File("jobs/日报.job", TEXT, ObjectKind.JOB, "日报", old_name=b"jobs/" + "日报".encode("gbk") + b".job")
NEW = File("jobs/日报.job", TEXT, ObjectKind.JOB, "日报")


def copies(*contents: str) -> Case:
    """Copies of one script beside jobs that use it."""
    name = "name-doubled"
    files = (
        File(
            f"jobs/{name}-{number}/{name}.script",
            written({"name": name, "type": "Shell", "content": content}),
            ObjectKind.SCRIPT,
            name,
        )
        for number, content in enumerate(contents)
    )
    return Case(files=tuple(files))


def with_file(name: str, sha256: str) -> Case:
    """A resource, and the file ``x`` in its package; it names a file of that digest."""
    document = {"name": name, "type": "jar", "location": f"files/{sha256}/a.jar"}
    return Case(
        files=(resource(document), File(f"files/{X}", b"x")),
        settings={"default_object_path": "obs://bucket/kept"},
    )


def named_file(name: str, location: str) -> Case:
    """A resource whose file lies in object storage, where one bucket with one file is known."""
    document = {"name": name, "type": "jar", "location": location}
    return Case(files=(resource(document),), objects=("obs://known/a.jar",))


EXAMPLES = (
    Example(
        code="file-absent",
        meaning="A resource names a file of the package that did not come along.",
        fails=with_file("file-absent", "0" * 64),
        passes=with_file("file-absent", X),
    ),
    Example(
        code="file-place-missing",
        meaning="A resource brings its file, and the workspace has no default path in object storage.",
        fails=replace(with_file("file-place-missing", X), settings={}),
        passes=with_file("file-place-missing", X),
        alone="told in workspaces without a `default_object_path` only",
    ),
    Example(
        code="resource-file-missing",
        meaning="A resource names a file in a bucket that is known here, and the file is not there. The "
        "resource lands all the same. At most 500 places are looked at, for at most 5 seconds, and none "
        "where object storage is off; with the profile `easydata`, `remains-resource-files` tells the rest.",
        fails=named_file("resource-file-missing", "obs://known/resource-file-missing.jar"),
        passes=named_file("resource-file-missing", "obs://known/a.jar"),
    ),
    Example(
        code="name-doubled",
        meaning="One name, two different documents of a kind. Equal copies are one.",
        fails=copies("echo 1", "echo 2"),
        passes=copies("echo 1", "echo 1"),
    ),
    Example(
        code="twin-names",
        meaning="Two paths are equal but for case or accents; some file systems cannot tell them apart.",
        fails=Case(files=(job({"name": "twin-names"}), job({"name": "Twin-Names"}))),
        passes=Case(files=(job({"name": "twin-names"}), job({"name": "twin-names-2"}))),
    ),
    Example(
        code="legacy-name-encoding",
        meaning="A file name in GBK or CP437, as old programs write it.",
        fails=Case(files=(OLD,)),
        passes=Case(files=(NEW,)),
    ),
    Example(
        code="unknown-entry",
        meaning="Entries that are not known; how many, and an example. They are left alone.",
        fails=Case(files=(job({"name": "unknown-entry"}), File("readme.txt", b"hello"))),
        passes=Case(files=(job({"name": "unknown-entry"}),)),
    ),
)
