"""inspect and diff: look into packages, and compare them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer

from jobferry.api.decoding import decoded
from jobferry.api.native import packages
from jobferry.api.native.report import FindingAnswer, finding_list
from jobferry.cli import files, html_report, options
from jobferry.cli.call import Call, Lines, Page, command
from jobferry.cli.choices import MappingFile, Maps, choice
from jobferry.cli.files import OBJECT_SCHEME, handed_in
from jobferry.cli.problems import DIFFERS, DONE
from jobferry.cli.requests import encoded
from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.out import ALL_LINES, Out, subject
from jobferry.cli.show.plan import show_listed
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.problems import is_illegal
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import Language
from jobferry.model.messages.reader import Reader
from jobferry.model.package import Layout, Provenance
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.finding_group import FindingGroup, grouped
from jobferry.model.transfer.plan_pages import Span

if TYPE_CHECKING:
    from jobferry.api.native.comparisons import ComparisonAnswer
    from jobferry.model.document.difference import Difference
    from jobferry.model.report.comparison import Compared
    from jobferry.services.packages import Inspection

_MARKS = {"added": "+", "removed": "-", "renamed": "»", "moved": ">", "changed": "~"}
_STYLES = {"added": "green", "removed": "red"}
_LONGEST = 100


Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A package file, a folder of one, or obs://bucket/key.")
]


@dataclass(frozen=True)
class Against:
    """With what of a workspace a single package is compared, and how it is written for that."""

    state: Annotated[
        Literal["draft", "submitted"],
        typer.Option("--state", help="With which state of the workspace a single package is compared."),
    ] = "draft"
    everything: Annotated[
        bool, typer.Option("--everything", help="Tell also of what only the workspace has, as removed.")
    ] = False
    map_: Maps = None
    mapping: MappingFile = None
    route: Annotated[
        bool, typer.Option("--route", help="Write it as the route saved for the package's source says.")
    ] = False

    def said(self) -> dict[str, Any]:
        """The same as the API takes it.

        Raises:
            InvalidRequest: a mapping does not look as it should.
            NotFound: its file cannot be read.
        """
        return {
            "state": self.state,
            "everything": self.everything,
            "mapping": options.mapping(self.map_ or (), self.mapping),
            "route": choice(self.route) if self.route else "off",
        }


class _Object(msgspec.Struct, frozen=True, gc=False):
    """One object of a package."""

    kind: ObjectKind
    name: str
    uid: str
    path: str
    size: int
    sha256: str
    directory: str


class _Need(msgspec.Struct, frozen=True, gc=False):
    """A reference of the package that the package does not itself satisfy."""

    kind: NeedKind
    name: str
    workspace: str


class _Inspected(msgspec.Struct, frozen=True):
    """What a package holds and needs; ``findings`` is what every platform would object to or tell."""

    digest: str
    layout: Layout
    source: Provenance | None
    objects: list[_Object]
    needs: list[_Need]
    findings: list[FindingAnswer]


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "inspect")(inspect)
    command(app, "diff")(diff)


def inspect(
    call: Call,
    package: Package,
    lines: Lines = None,
) -> None:
    """Show what a package holds and needs.

    No platform is asked, but for the one whose object storage holds it.
    """
    if package.startswith(OBJECT_SCHEME):
        _inspect_stored(call, package, lines)
        return
    from jobferry.services.packages import inspect as read

    with files.package_file(Path(package)) as file:
        told = _inspected(read(file), call)
    call.out.value(told)
    _show_contents(call.out, told, lines)
    counts = Counter(finding.severity for finding in told.findings)
    _show_findings(call.out, told.findings, {one: counts[one] for one in Severity if counts[one]}, lines)


def _inspect_stored(call: Call, package: str, lines: Lines) -> None:
    """The same of a package in object storage; what is wrong in it is counted only."""
    from jobferry.cli.session import platform

    with platform(call) as there:
        kept = there.ask(packages.fetch_package, packages.StoredPackage(package))
        inside = there.ask(packages.show_package, kept.id)
        objects = there.all(packages.show_contents, kept.id, packages.PackedQuery())
        needs = there.all(packages.show_package_needs, kept.id, packages.PackageNeedQuery())
    told = _Inspected(
        digest=inside.digest,
        layout=Layout(inside.layout),
        source=inside.source,
        objects=[
            _Object(one.kind, one.name, one.uid, one.path, one.size, one.sha256, one.directory)
            for one in objects
        ],
        needs=[_Need(need.kind, need.name, need.workspace) for need in needs],
        findings=[],
    )
    call.out.value(told)
    _show_contents(call.out, told, lines)
    if problems := sum(one.problems for one in objects):
        call.out.line(call.out.say("{count} errors; `jobferry check` tells them", count=problems))


def diff(
    call: Call,
    former: Annotated[str, typer.Argument(metavar="PACKAGE", help="A package file, or a folder of one.")],
    latter: Annotated[
        str | None, typer.Argument(metavar="[PACKAGE]", help="The package that it is compared with.")
    ] = None,
    against: Against = Against(),
    *,
    report: Page = None,
) -> int:
    """Show what differs from one package to another; no platform is asked.

    With one package only: how it differs from a platform's workspace, with a mapping or route as an import
    would write it. Exit code 10 if anything differs.
    """
    html_report.refuse_unready(report, only=True)
    if latter is None:
        found = _with_workspace(call, former, against)
        return _shown(call, found.objects, lambda: found.same, report, Path(former).name)
    if former.startswith(OBJECT_SCHEME) or latter.startswith(OBJECT_SCHEME):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "two packages are compared only as files or folders",
            hint="name one package alone to compare it with a workspace",
        )
    if against != Against():
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--state, --everything, mappings and routes are about a workspace, and two packages are compared "
            "here",
            hint="leave them out, or name one package alone",
        )
    return _packages(call, Path(former), Path(latter), report)


def _inspected(found: Inspection, call: Call) -> _Inspected:
    contents = found.contents
    return _Inspected(
        digest=found.digest,
        layout=contents.layout,
        source=found.provenance,
        objects=[
            _Object(
                entry.info.kind,
                entry.info.name,
                entry.info.uid,
                entry.info.path,
                entry.info.size,
                entry.info.sha256,
                entry.facts.directory,
            )
            for entry in contents.entries
        ],
        needs=[_Need(need.kind, need.name, need.workspace) for need in found.needs],
        findings=finding_list(Span(0, ALL_LINES).of(_findings(found)), Reader(Language(call.spoken))).items,
    )


def _findings(found: Inspection) -> Sequence[FindingGroup]:
    findings = [
        Finding.on(
            entry.key,
            problem.code,
            Severity.BLOCK if is_illegal(problem) else Severity.WARN,
            path=problem.path,
            **problem.args,
        )
        for entry in found.contents.entries
        for problem in (*entry.unusable, *entry.facts.problems)
    ]
    findings += [
        Finding.on(
            (warning.kind, warning.name),
            warning.problem.code,
            Severity.WARN,
            path=warning.problem.path,
            **warning.problem.args,
        )
        for warning in found.contents.warnings
    ]
    directories: dict[tuple[str, str], str] = {
        entry.key: entry.facts.directory for entry in found.contents.entries
    }
    return grouped(findings, directories).groups


def _show_findings(
    out: Out, findings: Sequence[FindingAnswer], counts: dict[Severity, int], lines: int | None
) -> None:
    def of(severity: Severity, most: int) -> list[FindingAnswer]:
        return [finding for finding in findings if finding.severity is severity][:most]

    show_findings(out, counts, of, lines)


def _show_contents(out: Out, package: _Inspected, lines: int | None) -> None:
    """Prints digest, origin, objects and needs."""
    say = out.say
    _show_origin(out, package)
    contents = [subject(packed.kind, packed.name, say) for packed in package.objects]
    show_listed(out, "contents", contents, len(contents), lines)
    needs = [
        subject(need.kind, f"{need.workspace}/{need.name}" if need.workspace else need.name, say)
        for need in package.needs
    ]
    if needs:
        show_listed(out, "needs", needs, len(needs), lines)
    else:
        out.line(say("needs nothing from outside"))


def _show_origin(out: Out, package: _Inspected) -> None:
    """Prints how to recognise a package, and where it comes from."""
    say = out.say
    out.line(say("digest: {digest}", digest=package.digest), "bold")
    out.line(say("layout: {layout}; {count} objects", layout=package.layout, count=len(package.objects)))
    if source := package.source:
        names = {"platform": source.platform_name, "workspace": source.workspace}
        out.line(say("from: {platform}, workspace {workspace}", **names))


def _packages(call: Call, former: Path, latter: Path, report: Path | None) -> int:
    from jobferry.services.packages import compare

    with (
        files.package_file(former) as before,
        files.package_file(latter) as after,
        compare(before, after) as found,
    ):
        return _shown(call, found, lambda: found.same, report, f"{former.name} → {latter.name}")


def _shown(
    call: Call, objects: Iterable[Compared], same: Callable[[], int], report: Path | None, title: str
) -> int:
    """Shows what differs as it is found. ``same`` is asked when all is."""
    counts: Counter[str] = Counter()
    if report is not None:
        objects = list(objects)
        html_report.save(call, report, html_report.of_comparison(call, title, objects, same()))

    def counted() -> Iterator[Compared]:
        for compared in objects:
            counts.update(compared.changes)
            yield compared

    if call.json:
        call.out.long_value("objects", counted(), lambda: {"same": same()})
    else:
        for compared in counted():
            _show_compared(call.out, compared)
        _show_sum(call.out, counts, same())
    return DIFFERS if counts else DONE


def _with_workspace(call: Call, package: str, against: Against) -> ComparisonAnswer:
    from jobferry.api.native.comparisons import ComparisonAnswer, ComparisonRequest, compare
    from jobferry.cli.session import platform
    from jobferry.cli.show.progress import progress

    with platform(call) as api, progress("check", call.out.say):
        said = against.said() | {"package": handed_in(api, package)}
        asked: ComparisonRequest = decoded(ComparisonRequest, encoded(said))
        with api.stream(compare, asked) as found:
            return msgspec.json.decode(b"".join(found.chunks), type=ComparisonAnswer)


def _show_compared(out: Out, compared: Compared) -> None:
    """Prints an object with what differs in it."""
    first = compared.changes[0]
    changes = ", ".join(out.say(change) for change in compared.changes)
    what = subject(compared.kind, compared.name, out.say)
    out.line(f"{_MARKS[first]} {what}: {changes}{_places(out, compared)}", _STYLES.get(first, "yellow"))
    for difference in compared.differences:
        _show_difference(out, difference)
    if "changed" in compared.changes and not compared.differences:
        reason = "cannot be read as a document" if compared.unusable else "only written otherwise"
        out.line(f"    {out.say(reason)}")


def _show_sum(out: Out, counts: Counter[str], same: int) -> None:
    """Prints how many objects are the same, and how many not."""
    parts = [f"{counts[change]} {out.say(change)}" for change in _MARKS if counts[change]]
    out.line(", ".join([*parts, f"{same} {out.say('the same')}"]), "bold")


def _places(out: Out, compared: Compared) -> str:
    said = []
    if compared.was:
        said.append(out.say("was {name}", name=compared.was))
    if compared.was_in:
        said.append(f"{compared.was_in} → {compared.directory}")
    elif compared.directory and compared.changes[0] in ("added", "removed"):
        said.append(compared.directory)
    return f" ({'; '.join(said)})" if said else ""


def _show_difference(out: Out, difference: Difference) -> None:
    out.line(f"    {difference.path or '/'}")
    out.quoted(out.translate_lines(difference.lines), "      ")
    if difference.lines:
        return
    if difference.in_former:
        out.line(f"      - {_value(difference.former)}", "red")
    if difference.in_latter:
        out.line(f"      + {_value(difference.latter)}", "green")


def _value(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
