"""What is said about an import, turned into what the API takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import NeedKind
from jobferry.model.names import nearest_names
from jobferry.model.transfer.mapping import Section
from jobferry.sentences import Sentence, as_sentence, sentence

Names = dict[str, dict[str, str]]
_KEYS = frozenset({"directory", "name", "kind", "tag", "duplicates", "target_status", "mapping"})


def pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """``NAME=VALUE`` texts as a dictionary; a value may hold further equals signs.

    Raises:
        InvalidRequest: one has no name or no equals sign, or a name stands twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise _unfit(option, text, "NAME=VALUE")
        if name in found:
            raise _twice(option, name)
        found[name] = value
    return found


def job_parameters(texts: Iterable[str]) -> Names:
    """``JOB:NAME=VALUE`` texts, by job.

    Raises:
        InvalidRequest: one does not look so.
    """
    found: Names = {}
    for text in texts:
        job, colon, rest = text.partition(":")
        name, equals, value = rest.partition("=")
        if not (colon and equals and job and name):
            raise _unfit("--job-param", text, "JOB:NAME=VALUE")
        found.setdefault(job, {})[name] = value
    return found


def mapping(texts: Iterable[str], file: Path | None) -> Names:
    """The mapping file with the ``KIND:FROM=TO`` texts in it; a text holds before the file.

    Raises:
        InvalidRequest: a text or the file does not say what stands for what.
        NotFound: the file cannot be read.
    """
    names: Names = {} if file is None else mapping_file(file)
    said: Names = {}
    for text in texts:
        kind, colon, rest = text.partition(":")
        former, equals, local = rest.partition("=")
        if not (colon and equals and former and local):
            raise _unfit("--map", text, "KIND:FROM=TO, such as connection:dwh_test=dwh_prod")
        if former in said.setdefault(_kind(kind, "--map"), {}):
            raise _twice("--map", f"{kind}:{former}")
        said[kind][former] = local
    for kind, known in said.items():
        names[kind] = names.get(kind, {}) | known
    return names


def things(texts: Iterable[str], option: str) -> dict[str, list[str]]:
    """Names by kind, from ``KIND:NAME`` texts.

    Raises:
        InvalidRequest: a text is no such pair, or names no kind.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        kind, _, name = text.partition(":")
        if not name:
            raise _unfit(option, text, "KIND:NAME, such as connection:dwh_test")
        found.setdefault(_kind(kind, option), []).append(name)
    return found


def mapping_file(file: Path) -> Names:
    """A YAML or JSON file of kinds, each with what the package says and what it is called here.

    Raises:
        InvalidRequest: it is no such file; the message says where.
        NotFound: it cannot be read.
    """
    found = parsed(file) or {}
    if not isinstance(found, dict):
        raise _bad_mapping(file, "it is a list or a single value")
    names: Names = {}
    for kind, known in found.items():
        _kind(str(kind), str(file))
        if not isinstance(known, dict):
            raise _bad_mapping(file, sentence("{kind} holds no names", kind=kind))
        for former, local in known.items():
            if not isinstance(former, str) or not isinstance(local, str) or not local:
                told = type(local).__name__ if isinstance(local, dict | list) else repr(local)
                raise _bad_mapping(
                    file,
                    sentence(
                        "for {kind} {former} the value {told} is not a name; put names into quotes",
                        kind=kind,
                        former=former,
                        told=told,
                    ),
                )
        names[str(kind)] = dict(known)
    return names


def said(**options: Any) -> dict[str, Any]:
    """The options that were said at all; what is left out follows the workspace."""
    return {name: value for name, value in options.items() if value is not None and value not in ({}, [])}


def moment(text: str, option: str) -> int:
    """A time as people write it, in ms since 1970 (UTC); 0 where nothing is said.

    Raises:
        InvalidRequest: it is no time.
    """
    if not text:
        return 0
    try:
        return round(datetime.fromisoformat(text).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the value {text} of {option} is not a time", option=option, text=repr(text)),
            subject=text,
            hint="write it like 2026-11-21, 2026-11-21T12:00 or 2026-11-21T12:00Z",
        ) from None


def parsed(file: Path) -> Any:
    """What a YAML or JSON file holds.

    Raises:
        InvalidRequest: it is neither; the message says where.
        NotFound: it cannot be read.
    """
    from jobferry.cli.files import json_value, not_json, text_of

    text = text_of(file)
    if file.suffix == ".json":
        try:
            return json_value(text)
        except ValueError as error:
            raise _broken(file, not_json(error)) from None
    import yaml

    from jobferry.cli import strict_yaml

    try:
        return strict_yaml.load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", "")
        if mark is None:
            raise _broken(file, "it is not valid YAML") from None
        raise _broken(
            file,
            sentence(
                "line {line}, column {column}: {problem}",
                line=mark.line + 1,
                column=mark.column + 1,
                problem=problem if isinstance(problem, Sentence) else sentence("this is not valid YAML"),
            ),
        ) from None


def _kind(kind: str, where: str) -> str:
    kinds = (*NeedKind, *Section)
    if kind not in kinds:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "{where}: {kind} is not a kind of thing that jobs refer to", where=where, kind=repr(kind)
            ),
            subject=kind,
            hint=_kinds_hint(kind, [known.value for known in kinds]),
        )
    return kind


def _kinds_hint(kind: str, kinds: list[str]) -> Sentence:
    near = nearest_names(kind, kinds)
    known = sentence("kinds are: {kinds}", kinds=kinds)
    return sentence("did you mean {name}? {known}", name=near[0], known=known) if near else known


def _unfit(option: str, text: str, wanted: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the value {text} of {option} is not valid", option=option, text=repr(text)),
        subject=text,
        hint=sentence("write {wanted}", wanted=as_sentence(wanted)),
    )


def _twice(option: str, name: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("{option} names {name} twice", option=option, name=name),
        subject=name,
        hint="leave one of them out",
    )


def _broken(file: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence(
            "the file {file} is not valid: {reason}",
            file=file,
            reason=as_sentence(reason),
        ),
        subject=str(file),
        hint="write YAML, or JSON into a file whose name ends with .json",
    )


def _bad_mapping(file: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the mapping file {file} cannot be used: {reason}", file=file, reason=as_sentence(reason)),
        subject=str(file),
        hint="write by kind which name replaces which, such as connection: {dwh_test: dwh_prod}",
    )


def rules(file: Path | None) -> list[dict[str, Any]]:
    """A YAML or JSON list of rules, in order.

    Raises:
        InvalidRequest: it is no such list; the message says which rule.
        NotFound: it cannot be read.
    """
    if file is None:
        return []
    found = parsed(file) or []
    if not isinstance(found, list):
        raise _bad(file, "it is not a list")
    for place, rule in enumerate(found, 1):
        if not isinstance(rule, dict):
            raise _bad(file, sentence("rule {place} has no keys", place=place))
        if unknown := sorted(map(str, rule.keys() - _KEYS)):
            raise _bad(
                file, sentence("rule {place} has the unknown key {unknown}", place=place, unknown=unknown[0])
            )
    return found


def _bad(file: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the rules file {file} cannot be used: {reason}", file=file, reason=as_sentence(reason)),
        subject=str(file),
        hint="write a list; each rule has directory, name, kind or tag, and duplicates, "
        "target_status or mapping",
    )
