"""The command lines that tests say, read from their calls, and what of the program's own commands they use.

A line counts if the program's own parser takes it. What a call does not say in words (a path, an id, what a
helper was given) stands for one value.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from typer.main import get_command

from jobferry.cli.app import program

ROOT = Path(__file__).parent
RUNNERS = {"jobferry", "done", "start", "start_alone", "acting", "run", "json"}
"""What the tests of the command line call to run a line."""
COMMON = {"--server": 1, "--data": 1, "--config": 1, "--workspace": 1, "-w": 1, "--json": 0, "--language": 1}
"""What may be said anywhere on a line, and how many values follow it."""
_VALUE = "1"


class Use(NamedTuple):
    """An option or argument of a command; the command itself where nothing more is said."""

    command: str
    what: str = ""


def offered() -> set[Use]:
    """Every command of the program with each of its own options and arguments, both sides of a switch."""
    found = set()
    for words, command in _commands(get_command(program([]))):
        found.add(Use(words))
        for one in command.params:
            found |= {Use(words, name) for name in _names(one)}
    return found


def said(folder: Path) -> set[Use]:
    """What the calls in a folder's modules use."""
    whole = get_command(program([]))
    return {
        use
        for module in sorted(folder.rglob("*.py"))
        for line in lines_of(module.read_text(encoding="utf-8"))
        for use in uses(whole, line)
    }


def lines_of(text: str) -> Iterator[list[str]]:
    """The command lines that a module's calls say, each as its words: given one by one, or as one text."""
    tree = ast.parse(text)
    known = dict(_constants(tree))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _callee(call) in RUNNERS:
            words = [word for argument in call.args for word in _words(argument, known)]
            yield shlex.split(words[0]) if len(words) == 1 else words


def uses(whole: Any, line: Sequence[str]) -> set[Use]:
    """What a line uses; nothing if the program would not take it."""
    rest = _without_common(line)
    command, words = whole, []
    while rest and rest[0] in getattr(command, "commands", {}):
        words.append(rest.pop(0))
        command = command.commands[words[-1]]
    if not words:
        return set()
    try:
        with command.context_class(command) as context:
            values, _, order = command.make_parser(context).parse_args(rest)
    except Exception:  # its own errors are of a library inside a library
        return set()
    named = " ".join(words)
    given = [one for one in dict.fromkeys(order) if values.get(one.name)]
    off = {Use(named, one.secondary_opts[-1]) for one in order if values.get(one.name) is False}
    return {Use(named)} | {Use(named, _names(one)[0]) for one in given if _names(one)} | off


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    if words and not hasattr(command, "commands"):
        yield " ".join(words), command
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*words, name))


def _names(one: Any) -> list[str]:
    """How an option is written in full, on and off; an argument's name. Nothing for what is common."""
    if one.opts[-1] in COMMON or one.name == "help":
        return []
    return [one.opts[-1], *one.secondary_opts]


def _without_common(line: Sequence[str]) -> list[str]:
    left = list(line)
    for name, values in COMMON.items():
        while name in left:
            del left[left.index(name) : left.index(name) + 1 + values]
    return left


def _callee(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def _constants(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The module's names for words, and for several of them."""
    for one in tree.body:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            try:
                value = ast.literal_eval(one.value)
            except ValueError:
                continue
            words = [value] if isinstance(value, str) else value
            if isinstance(words, (list, tuple)) and all(isinstance(word, str) for word in words):
                yield one.targets[0].id, list(words)


def _words(argument: ast.expr, known: dict[str, list[str]]) -> list[str]:
    match argument:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return [
                "".join(
                    str(getattr(one, "value", _VALUE)) if isinstance(one, ast.Constant) else _VALUE
                    for one in parts
                )
            ]
        case ast.Starred(value=ast.Name(id=name)):
            return known.get(name, [])
        case ast.Name(id=name) if len(known.get(name, [])) == 1:
            return known[name]
        case ast.Starred():
            return []
    return [_VALUE]
