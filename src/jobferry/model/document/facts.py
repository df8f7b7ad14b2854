"""Facts: what Jobferry needs to know of a document, read once and kept beside it, with index terms."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.document.job import (
    cron_places,
    end_places,
    job_problems,
    job_type,
    parameter_places,
    unqueued,
    zone_places,
)
from jobferry.model.document.node import nodes_of, opened, plain_job, property_names
from jobferry.model.document.problems import Problem, resource_problems, script_problems
from jobferry.model.document.references import (
    Reference,
    Variable,
    VariableSyntax,
    relation_of,
    resource_references,
    script_references,
    spellings_of,
    things_referred_to,
    variables_in,
)
from jobferry.model.document.sensitive import DEFAULT_PATTERNS, compiled, emptied, sensitive_values
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.names import ROOT, Limits, normal_directory

_MOST_TAGS = 1_000


class IndexTermKind(StrEnum):
    """Kinds of index terms besides the kinds of things that documents refer to."""

    TAG = "tag"
    UPSTREAM = "upstream"
    NESTED = "nested"


class IndexTerm(NamedTuple):
    """What a text is found by: a tag, or the name of a thing that it refers to.

    ``kind`` is one of :class:`IndexTermKind`, or of :class:`~jobferry.model.kinds.NeedKind` but ``job``.
    ``place`` is the workspace in which a job is said to live, if it is said, and a variable's spelling.
    """

    kind: str
    value: str
    place: str = ""


def tags_of(document: dict[str, Any]) -> tuple[str, ...]:
    """The tags of a job, each once; an object in their place, as the documentation prints it, holds none.

    The first thousand count; no job has more, but a text made to fill memory may have a million.
    """
    tags = opened(document, "basicConfig").get("tags")
    if not isinstance(tags, list):
        return ()
    return tuple(dict.fromkeys(tag for tag in tags if isinstance(tag, str)))[:_MOST_TAGS]


_FACTS_VERSION = "7"
_TAG, _VARIABLE = IndexTermKind.TAG.value, NeedKind.VARIABLE.value


class Facts(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The gist of one document. ``subtype`` is a job's processType, a script's or resource's type."""

    name: str
    directory: str = ROOT
    subtype: str = ""
    references: tuple[Reference, ...] = ()
    """Each thing referred to once, with the first place where that happens."""
    problems: tuple[Problem, ...] = ()
    sensitive: tuple[Path, ...] = ()
    exposed: bool = False
    """Whether any sensitive value is not empty."""
    zones: tuple[tuple[str, Path], ...] = ()
    parameters: tuple[tuple[str, Path], ...] = ()
    has_schedule: bool = False
    nodes: int = 0
    tags: tuple[str, ...] = ()
    ends: tuple[tuple[str, Path], ...] = ()
    """When schedules end, as it is written, and where that stands."""
    variables: tuple[Variable, ...] = ()
    """All that may be a variable, however it is spelled, but for the job's own parameters."""


def index_terms_of(facts: Facts) -> list[tuple[str, str, str]]:
    """All terms (:class:`IndexTerm`) that a text with these facts is found by, whatever the rules by which
    they were read. Of a large import there are hundreds of thousands: plain tuples are made thrice as fast.
    """
    terms = [(_TAG, tag, "") for tag in facts.tags]
    terms += [(_VARIABLE, name, spelling) for spelling, name in facts.variables]
    terms += [
        (relation_of(reference), reference.name, reference.workspace)
        for reference in facts.references
        if reference.kind is not NeedKind.VARIABLE
    ]
    return terms


class FactRules(msgspec.Struct, frozen=True):
    """How documents are read in a workspace. Facts that were read by other rules do not count.

    ``mrs_queue``: a node that runs on MRS has to name its queue.
    """

    limits: Limits = Limits()
    patterns: tuple[str, ...] = DEFAULT_PATTERNS
    variables: VariableSyntax = VariableSyntax.PLAIN
    mrs_queue: bool = False

    def facts_version(self, kind: ObjectKind) -> str:
        """A short mark of this reading of documents of one kind, stored beside facts."""
        return f"{kind}-{_hash(self)}"


@cache
def _hash(fact_rules: FactRules) -> str:
    return hashlib.sha256(msgspec.json.encode([_FACTS_VERSION, fact_rules])).hexdigest()[:12]


def facts_of(
    kind: ObjectKind, document: dict[str, Any], fact_rules: FactRules, *, text: bytes = b""
) -> Facts:
    """Reads a parsed document once; ``text`` is searched for variables."""
    match kind:
        case ObjectKind.JOB:
            return _job_facts(document, fact_rules, text)
        case ObjectKind.SCRIPT:
            return _library_facts(
                document, script_problems(document, fact_rules.limits), tuple(script_references(document))
            )
        case ObjectKind.RESOURCE:
            references = tuple(dict.fromkeys(resource_references(document)))
            return _library_facts(document, resource_problems(document, fact_rules.limits), references)
        case ObjectKind.CDM:
            return Facts(name=_text(document, "name"))


def _job_facts(document: dict[str, Any], fact_rules: FactRules, text: bytes) -> Facts:
    plain = plain_job(document)
    nodes = nodes_of(document) if plain is None else plain.nodes
    names = property_names(nodes)
    references = things_referred_to(document, nodes, names)
    parameters = tuple(parameter_places(document))
    own = {name for name, _ in parameters}
    variables = sorted(variable for variable in variables_in(text) if variable.name not in own)
    spellings = spellings_of(fact_rules.variables)
    used = sorted({name for spelling, name in variables if spelling in spellings})
    problems = job_problems(document, fact_rules.limits, plain)
    if fact_rules.mrs_queue:
        problems += unqueued(nodes)
    sensitive = sensitive_values(document, compiled(fact_rules.patterns), nodes, names)
    crons = cron_places(document, nodes)
    return Facts(
        name=_text(document, "name"),
        directory=_directory(document),
        subtype=job_type(document),
        references=(*references, *(Reference(NeedKind.VARIABLE, name, ()) for name in used)),
        problems=tuple(problems),
        sensitive=tuple(sensitive),
        exposed=bool(emptied(document, sensitive)),
        zones=tuple(zone_places(crons)),
        parameters=parameters,
        has_schedule="schedule" in document,
        nodes=len(nodes),
        tags=tags_of(document),
        ends=tuple(end_places(crons)),
        variables=tuple(variables),
    )


def _library_facts(
    document: dict[str, Any], problems: list[Problem], references: tuple[Reference, ...] = ()
) -> Facts:
    return Facts(
        name=_text(document, "name"),
        directory=_directory(document),
        subtype=_text(document, "type"),
        references=references,
        problems=tuple(problems),
    )


def _text(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    return value if isinstance(value, str) else ""


def _directory(document: dict[str, Any]) -> str:
    return normal_directory(_text(document, "directory"))


_SCHEDULE = b'["schedule"'


class ExportReference(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One use of another thing by name; ``place`` is the path to it as it was written."""

    kind: NeedKind
    name: str
    place: msgspec.Raw
    workspace: str = ""

    @property
    def path(self) -> Path:
        return msgspec.json.decode(self.place, type=Path)

    @property
    def in_schedule(self) -> bool:
        return bytes(self.place).startswith(_SCHEDULE)


class ExportFacts(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The fields of facts in their order. What an export does not need stays as it was written."""

    name: msgspec.Raw
    directory: msgspec.Raw
    subtype: msgspec.Raw
    references: tuple[ExportReference, ...]
    problems: msgspec.Raw
    sensitive: tuple[Path, ...]
    exposed: bool
    zones: msgspec.Raw
    parameters: msgspec.Raw
    has_schedule: bool


class _TagFacts(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The fields of facts in their order, up to the tags."""

    name: msgspec.Raw
    directory: msgspec.Raw
    subtype: msgspec.Raw
    references: msgspec.Raw
    problems: msgspec.Raw
    sensitive: msgspec.Raw
    exposed: msgspec.Raw
    zones: msgspec.Raw
    parameters: msgspec.Raw
    has_schedule: msgspec.Raw
    nodes: msgspec.Raw
    tags: tuple[str, ...] = ()


_export_facts = msgspec.json.Decoder(ExportFacts)
_tag_facts = msgspec.json.Decoder(_TagFacts)


def read_export_facts(facts: bytes) -> ExportFacts:
    """The export facts of facts that are written as JSON."""
    return _export_facts.decode(facts)


def read_tags(facts: bytes) -> tuple[str, ...]:
    """The tags among facts that are written as JSON; nothing else of them is read."""
    return _tag_facts.decode(facts).tags


def export_facts_of(facts: Facts) -> ExportFacts:
    """The same of facts that are at hand."""
    return read_export_facts(msgspec.json.encode(facts))
