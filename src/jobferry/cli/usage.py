"""A command line that cannot be read, told in our words: the library's own never reach anybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import typer

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.sentences import Sentence, sentence

_COMMAND = re.compile(r"No such command '(.*)'")
_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_VALUE = re.compile(r"(?s)'(.*?)'")


def usage_error(error: typer.TyperException) -> InvalidRequest:
    """The library's error as one of ours."""
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "jobferry"
    hint = sentence("see `{command} --help`", command=path)
    match type(error).__name__:
        case "NoSuchOption":
            option: str = getattr(error, "option_name", "")
            message = sentence("there is no option {option}", option=option)
            hint = _likely(getattr(error, "possibilities", None) or (), hint)
        case "BadOptionUsage":
            message = sentence("the option {option} needs a value", option=getattr(error, "option_name", ""))
        case "MissingParameter":
            message = sentence("{parameter} is missing", parameter=_parameter(error))
        case "BadParameter":
            found = _VALUE.search(error.message)
            message = sentence(
                "the value {value} of {parameter} is not valid"
                if found
                else "the value of {parameter} is not valid",
                value=found[1] if found else "",
                parameter=_parameter(error),
            )
            hint = _wanted(getattr(error, "param", None), hint)
        case _:
            message, hint = _of_words(error.message, context, hint)
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, hint=hint)


def _of_words(said: str, context: Any, hint: Sentence) -> tuple[Sentence, Sentence]:
    if command := _COMMAND.search(said):
        near = get_close_matches(command[1], getattr(context.command, "commands", ()) if context else (), 3)
        return sentence("there is no command {command}", command=command[1]), _likely(near, hint)
    if extra := _EXTRA.search(said):
        return sentence("this command does not take {arguments}", arguments=extra[1].split()), hint
    return sentence("this command line cannot be read"), hint


def _likely(names: Iterable[str], hint: Sentence) -> Sentence:
    near = sorted(names)
    return sentence("did you mean {likely}? {hint}", likely=near, hint=hint) if near else hint


def _parameter(error: Any) -> str:
    """What a parameter is called on the command line."""
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "")
    is_option = parameter.param_type_name == "option"
    return str(max(parameter.opts, key=len) if is_option else parameter.make_metavar(error.ctx))


def _wanted(parameter: Any, hint: Sentence) -> Sentence:
    kind = getattr(parameter, "type", None)
    if choices := getattr(kind, "choices", None):
        return sentence("use one of: {words}", words=[getattr(word, "value", word) for word in choices])
    if "int" in str(getattr(kind, "name", "")):
        return sentence("write {wanted}", wanted=sentence("a whole number"))
    return hint
