"""Sentences that the source gives to people through errors, found in its syntax: for the catalogue's test."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[1] / "src" / "jobferry"

FAMILY = {
    "JobferryError",
    "InvalidRequest",
    "NotFound",
    "Conflict",
    "Unauthenticated",
    "Forbidden",
    "PackageRefused",
    "StoreError",
    "FilesError",
    "Overloaded",
}
"""Errors: what follows their code is said to people."""

_MAKERS = {"sentence", "clauses", "as_sentence", "told", "wording", "starting"}
_WRITTEN = ast.Constant | ast.IfExp | ast.BoolOp | ast.JoinedStr | ast.BinOp
"""What a name may hold that is a text of the source."""
_WITHOUT_ERRORS = ("model/messages/__init__.py", "model/messages/reader.py")


class Said(NamedTuple):
    """A template and where it stands."""

    template: str
    places: frozenset[str]
    where: str


class Wrong(NamedTuple):
    """Something that is said and cannot be translated."""

    where: str
    what: str


class Module:
    """The syntax of one file, with its functions and what its names hold."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(SOURCE).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.values: dict[str, list[ast.expr]] = {}
        self.imports = {
            alias.asname or alias.name: (node.module or "").rpartition(".")[2]
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        self.calls = _calls(self.tree)
        kinds = ast.FunctionDef | ast.AsyncFunctionDef
        self.functions = [(node, _calls(node)) for node in ast.walk(self.tree) if isinstance(node, kinds)]
        inside = {id(node) for function, _ in self.functions for node in ast.walk(function)}
        self._top = [node for node in _assignments(self.tree) if id(node) not in inside]
        self._owners = {id(call): function for function, calls in self.functions for call in calls}
        self._inside: dict[int, dict[str, list[ast.expr]]] = {}
        self.enter(None)

    def enter(self, call: ast.Call | None) -> None:
        """Has ``values`` hold what names mean where the call stands: in its function, and in the module."""
        owner = self._owners.get(id(call))
        if id(owner) not in self._inside:
            self._inside[id(owner)] = self.values = {}
            for node in (*self._top, *(_assignments(owner) if owner is not None else ())):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if node.value is not None:
                        self._assign(target, node.value)
        self.values = self._inside[id(owner)]

    def returned(self, name: str) -> Iterator[ast.expr]:
        """What the functions of that name give back."""
        for function, _ in self.functions:
            if function.name == name:
                yield from (
                    node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value
                )

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for inner, part in zip(target.elts, value.elts, strict=True):
                self._assign(inner, part)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.IfExp):
            self._assign(target, value.body)
            self._assign(target, value.orelse)


def _assignments(tree: ast.AST) -> list[ast.Assign | ast.AnnAssign]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.AnnAssign)]


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


class Source:
    """All modules, and which parameters of which functions end in an error's texts."""

    def __init__(self) -> None:
        self.modules = [
            Module(path)
            for path in sorted(SOURCE.rglob("*.py"))
            if path.relative_to(SOURCE).as_posix() not in _WITHOUT_ERRORS
        ]
        self.helpers: dict[str, dict[str, dict[str, list[str]]]] = {}
        """By function and file, the parameters of each function of that name by its line."""
        while self._more_helpers():
            pass

    def texts(self, module: Module, call: ast.Call) -> Iterator[ast.expr]:
        """What a call says to people."""
        name = name_of(call)
        is_own = name == "__init__" and len(call.args) > 1 and "ErrorCode" in ast.dump(call.args[0])
        if name in FAMILY or is_own:
            yield from call.args[1:]
            yield from (key.value for key in call.keywords if key.arg in ("message", "hint"))
        elif name == "Fault":
            yield from call.args[-2 if len(call.args) == 4 else -1 :]
        elif name == "Ending":
            yield from (*call.args[1:2], *(key.value for key in call.keywords if key.arg == "message"))
        else:
            yield from self._given(module, name, call)

    def defaults(self, module: Module) -> Iterator[ast.expr]:
        """What functions say where their caller gives no text of its own."""
        for function, _ in module.functions:
            helpers = self.helpers.get(function.name, {}).get(module.name, {})
            marked = helpers.get(str(function.lineno), [])
            arguments = function.args
            placed = [*arguments.posonlyargs, *arguments.args]
            given = [*placed[len(placed) - len(arguments.defaults) :], *arguments.kwonlyargs]
            for argument, value in zip(given, [*arguments.defaults, *arguments.kw_defaults], strict=True):
                if f"*{argument.arg}" in marked and value is not None:
                    yield value

    def _given(self, module: Module, name: str, call: ast.Call) -> Iterator[ast.expr]:
        for parameters in self._parameters(module, name, call.func):
            yield from (
                argument
                for argument, parameter in zip(call.args, parameters, strict=False)
                if parameter.startswith("*")
            )
            yield from (key.value for key in call.keywords if f"*{key.arg}" in parameters)

    def _parameters(self, module: Module, name: str, function: ast.expr) -> Iterable[list[str]]:
        """Those of the function of that name, in the same module or in one that the call names or imports."""
        owner = function.value if isinstance(function, ast.Attribute) else None
        if owner is not None and not (isinstance(owner, ast.Name)):
            return ()
        if owner is None or owner.id == "self":
            own = self.helpers.get(name, {}).get(module.name)
            if own is not None or owner is not None:
                return (own or {}).values()
        of = owner.id if owner is not None else module.imports.get(name, "")
        found = [one for file, one in self.helpers.get(name, {}).items() if file.endswith(f"{of}.py")]
        return found[0].values() if of and found else ()

    def _more_helpers(self) -> bool:
        found = [self._is_new(module, *function) for module in self.modules for function in module.functions]
        return any(found)

    def _is_new(
        self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, calls: list[ast.Call]
    ) -> bool:
        if function.name in _MAKERS:
            return False
        arguments = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
        module.enter(calls[0] if calls else None)
        said = {name for call in calls for text in self.texts(module, call) for name in _names(text)}
        said |= {name for local in said for value in module.values.get(local, ()) for name in _names(value)}
        marked = [f"*{name}" if name in said else name for name in arguments if name not in ("self", "cls")]
        if not any(name.startswith("*") for name in marked):
            return False
        known = self.helpers.setdefault(function.name, {}).setdefault(module.name, {})
        before = known.get(str(function.lineno), [])
        known[str(function.lineno)] = [
            max(pair, key=len) for pair in zip(marked, before or marked, strict=True)
        ]
        return known[str(function.lineno)] != before


def _names(text: ast.expr) -> Iterator[str]:
    if isinstance(text, ast.Name):
        yield text.id
    elif isinstance(text, ast.IfExp):
        yield from (*_names(text.body), *_names(text.orelse))
    elif isinstance(text, ast.BoolOp):
        for value in text.values:
            yield from _names(value)
    elif isinstance(text, ast.Call) and name_of(text) == "sentence":
        for key in text.keywords:
            if isinstance(key.value, ast.Call) and name_of(key.value) == "as_sentence":
                yield from _names(key.value.args[0])


class Reading:
    """What is said in the source, and what of it is wrong."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.wrong: list[Wrong] = []
        source = Source()
        for module in source.modules:
            for call in module.calls:
                module.enter(call)
                if name_of(call) == "sentence":
                    self._sentence(module, call)
                if name_of(call) in ("as_sentence", "BadParameter"):
                    self._text(module, call.args[0], frozenset())
                for text in source.texts(module, call):
                    self._text(module, text, frozenset())
            for text in source.defaults(module):
                self._text(module, text, frozenset())

    def _text(self, module: Module, text: ast.expr, seen: frozenset[str]) -> None:
        where = f"{module.name}:{text.lineno}"
        match text:
            case ast.Constant(value=str(constant)):
                if constant:
                    self.said.append(Said(_escaped(constant), frozenset(), where))
            case ast.Name(id=name) if name not in seen:
                for value in module.values.get(name, ()):
                    if isinstance(value, _WRITTEN):
                        self._text(module, value, seen | {name})
            case ast.Call(func=ast.Name(id=name)) if name not in seen | _MAKERS:
                for value in module.returned(name):
                    self._text(module, value, seen | {name})
            case ast.JoinedStr() | ast.BinOp():
                self.wrong.append(Wrong(where, f"no sentence: {ast.unparse(text)[:90]}"))
            case ast.Call() if name_of(text) in ("join", "format", "str"):
                self.wrong.append(Wrong(where, f"no sentence: {ast.unparse(text)[:90]}"))
            case _:
                for part in _parts(text):
                    self._text(module, part, seen)

    def _sentence(self, module: Module, call: ast.Call) -> None:
        where = f"{module.name}:{call.lineno}"
        places = frozenset(key.arg or "" for key in call.keywords)
        for template in _templates(call.args[0]):
            if isinstance(template, ast.Constant):
                self.said.append(Said(str(template.value), places, where))
            else:
                self.wrong.append(Wrong(where, "the template is no constant"))
        for key in call.keywords:
            for part in _constants(module, key.value):
                self.wrong.append(Wrong(where, f"{key.arg} is no sentence: {part}"))


def _templates(given: ast.expr) -> list[ast.expr]:
    return [*_templates(given.body), *_templates(given.orelse)] if isinstance(given, ast.IfExp) else [given]


def _parts(text: ast.expr) -> list[ast.expr]:
    """Texts of which one is said."""
    match text:
        case ast.IfExp(body=first, orelse=second):
            return [first, second]
        case ast.BoolOp(values=values):
            return values
        case ast.Call() if name_of(text) == "as_sentence":
            return text.args[:1]
    return []


def _constants(module: Module, value: ast.expr) -> Iterator[str]:
    """Words that stand in an argument of a sentence as they are, and so in English only."""
    match value:
        case ast.Constant(value=str(text)) if " " in text:
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from (*_constants(module, first), *_constants(module, second))
        case ast.JoinedStr(values=parts) if any(
            isinstance(part, ast.Constant) and " " in str(part.value) for part in parts
        ):
            yield ast.unparse(value)
        case ast.Call() if name_of(value) == "join":
            yield ast.unparse(value)
        case ast.Name(id=name):
            for assigned in module.values.get(name, ()):
                if isinstance(assigned, ast.Constant | ast.IfExp | ast.JoinedStr):
                    yield from _constants(module, assigned)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


@cache
def reading() -> Reading:
    """What the source says. Reading it takes seconds, so no process does while it collects tests."""
    return Reading()
