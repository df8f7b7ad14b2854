"""What is wrong with a line that the parser does not take, in our words: its own never reach a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import typer

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.names import nearest_names
from jobferry.sentences import Sentence, as_sentence, sentence

_QUOTED = re.compile(r"'([^']*)'")
_TOO_MANY = re.compile(r"extra argument\(s\) \((.*)\)\Z", re.DOTALL)
_CHOICE = re.compile(r"is not one of (.*)", re.DOTALL)
_SECRETS = ("--password", "--token", "--secret")
"""What people look for where a secret is wanted."""
_REASONS = {
    "int_parsing": as_sentence("it is not a whole number"),
    "int_from_float": as_sentence("it is not a whole number"),
    "float_parsing": as_sentence("it is not a number"),
    "greater_than_equal": as_sentence("it is too small"),
    "less_than_equal": as_sentence("it is too large"),
}
"""What is wrong with a value, by the validator's name for it."""


def usage_error(error: typer.TyperException) -> InvalidRequest:
    """The error for a line that the parser refuses."""
    context = getattr(error, "ctx", None)
    see = sentence("see `{command} --help`", command=getattr(context, "command_path", "jobferry"))
    kind, said = type(error).__name__, error.format_message()
    if kind == "NoSuchOption":
        option = str(getattr(error, "option_name", ""))
        if option in _SECRETS and "--stdin" in _options(context):
            see = as_sentence("a secret is typed at the prompt, or read from stdin with --stdin")
        near = getattr(error, "possibilities", None) or _near(option, _options(context))
        return _bad(sentence("there is no option {option}", option=option), _meant(near, see), option)
    if kind == "BadOptionUsage":
        option = str(getattr(error, "option_name", ""))
        needs = "does not take" not in said
        message = sentence(
            "the option {option} needs a value" if needs else "the option {option} takes no value",
            option=option,
        )
        return _bad(message, see, option)
    if kind == "MissingParameter":
        name = _name(getattr(error, "param", None))
        return _bad(sentence("{name} is missing", name=name), see, name)
    if kind == "BadParameter":
        return _bad_value(error, see)
    return _unread(said, context, see)


def _bad_value(error: typer.TyperException, see: Sentence) -> InvalidRequest:
    """A value that its option or argument does not take."""
    name, cause = _name(getattr(error, "param", None)), error.__cause__
    details: Mapping[str, Any] = getattr(cause, "errors", lambda: [{}])()[0]
    value = repr(details["input"]) if "input" in details else ""
    if found := _CHOICE.search(error.format_message()):
        choices = _QUOTED.findall(found[1])
        message = sentence("{name} does not take {value}", name=name, value=value)
        near = nearest_names(str(details.get("input", "")), choices)
        return _bad(message, _meant(near, sentence("use one of: {values}", values=choices)), name)
    reason = _REASONS.get(str(details.get("type")))
    if reason is None:
        said = as_sentence(str(getattr(error, "message", "")))
        return _bad(sentence("{name}: {reason}", name=name, reason=said) if name else said, see, name)
    message = sentence("{name} does not take {value}: {reason}", name=name, value=value, reason=reason)
    return _bad(message, see, name)


def _unread(said: str, context: Any, see: Sentence) -> InvalidRequest:
    """A command that is not there, or arguments that are too many."""
    if said.startswith("No such command") and (found := _QUOTED.search(said)):
        commands = getattr(context.command, "commands", {}) if context is not None else {}
        message = sentence("there is no command {command}", command=found[1])
        return _bad(message, _meant(_near(found[1], commands), see), found[1])
    if extra := _TOO_MANY.search(said):
        message = sentence("there are too many arguments: {arguments}", arguments=extra[1])
        hint = sentence("put a name with spaces into quotes, or {see}", see=see)
        return _bad(message, hint, extra[1])
    return _bad(as_sentence("this line cannot be read"), see, "")


def _name(param: Any) -> str:
    """How an option or argument is called on the line."""
    if param is None:
        return ""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name).strip("[]{}").removesuffix("...")
    return str(param.opts[-1])


def _options(context: Any) -> list[str]:
    params = context.command.params if context is not None else ()
    return [option for param in params for option in param.opts]


def _near(name: str, known: Iterable[str]) -> list[str]:
    return nearest_names(name, known, 2)


def _meant(near: Iterable[str], otherwise: Sentence) -> Sentence:
    """What may be meant, if something may."""
    names = sorted(near)
    return sentence("did you mean {names}?", names=names) if names else otherwise


def _bad(message: Sentence, hint: Sentence, subject: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject=subject, hint=hint)
