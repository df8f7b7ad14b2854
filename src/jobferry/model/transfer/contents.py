"""What was found in an opened package: its objects, each read once."""

from __future__ import annotations

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.document.facts import Facts
from jobferry.model.document.problems import Problem
from jobferry.model.document.references import Reference
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Entry, Layout, Manifest, Need, package_digest


class PackageEntry(msgspec.Struct, frozen=True, gc=False):
    """One object of a package. Its entry carries the true name and the digest of its bytes.

    ``is_up_to_date`` is said of an object whose very text is in the target; its facts were not read.
    """

    info: Entry
    facts: Facts
    unusable: tuple[Problem, ...] = ()
    is_up_to_date: bool = False

    @property
    def key(self) -> tuple[ObjectKind, str]:
        return (self.info.kind, self.info.name)


class Sharing:
    """Lets what is alike in the facts of many documents be one: names and places recur throughout a fleet."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._paths: dict[Path, Path] = {}

    def of(self, facts: Facts) -> Facts:
        """The same facts, made of what former ones were made of: those of a large package take a third."""
        names, paths = self._names.setdefault, self._paths.setdefault
        return msgspec.structs.replace(
            facts,
            directory=names(facts.directory, facts.directory),
            references=tuple(
                [
                    Reference(
                        reference.kind,
                        names(reference.name, reference.name),
                        paths(reference.path, reference.path),
                        reference.workspace,
                        reference.role,
                    )
                    for reference in facts.references
                ]
            ),
            zones=self._placed(facts.zones),
            parameters=self._placed(facts.parameters),
            ends=self._placed(facts.ends),
        )

    def _placed(self, values: tuple[tuple[str, Path], ...]) -> tuple[tuple[str, Path], ...]:
        names, paths = self._names.setdefault, self._paths.setdefault
        return tuple([(names(value, value), paths(path, path)) for value, path in values])


class PackageWarning(msgspec.Struct, frozen=True):
    """Something about the package's own make-up that its user should know."""

    problem: Problem
    kind: str = "package"
    name: str = ""


class PackageContents(msgspec.Struct, frozen=True, kw_only=True):
    """A whole package, read. Equal copies of an object are one item; ``warnings`` names what is odd."""

    layout: Layout
    entries: tuple[PackageEntry, ...]
    manifest: Manifest | None = None
    warnings: tuple[PackageWarning, ...] = ()
    files: frozenset[str] = frozenset()
    """Digests of the resource files that came along."""
    package_bytes: int = 0
    """How large the package is."""

    @property
    def digest(self) -> str:
        """The package digest, computed from what was read."""
        deletions = self.manifest.deletions if self.manifest else ()
        return package_digest((entry.info for entry in self.entries), deletions)

    @property
    def source_platform(self) -> str:
        return self.manifest.provenance.platform_id if self.manifest else ""

    @property
    def source_workspace(self) -> str:
        return self.manifest.provenance.workspace if self.manifest else ""


def needs_of(contents: PackageContents) -> tuple[Need, ...]:
    """References of the package that the package does not itself satisfy, by kind and name."""
    inside: set[tuple[str, str]] = {entry.key for entry in contents.entries}
    used = {
        (reference.kind, reference.workspace, reference.name)
        for entry in contents.entries
        for reference in entry.facts.references
    }
    needed = sorted(key for key in used if key[1] or (key[0], key[2]) not in inside)
    return tuple(Need(kind=kind, name=name, workspace=workspace) for kind, workspace, name in needed)
