"""What every command can be told, how it answers, and how a function becomes a command.

The common options stand on every command and every group of commands, so they may be said anywhere on
the line; what is said last holds. Options that several commands share are the fields of a dataclass.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Concatenate, Literal, ParamSpec, get_type_hints

import typer

from jobferry.cli.help import HelpCommand, HelpGroup
from jobferry.cli.show.out import ALL_LINES, Out
from jobferry.cli.words import words
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.sentences import sentence

Spoken = Literal["en", "zh"]
P = ParamSpec("P")
Command = Callable[Concatenate["Call", P], int | None]
Alone = Callable[..., int | None]

ServerOption = Annotated[
    str | None,
    typer.Option("--server", metavar="URL", help="Talk to the platform at this address (JOBFERRY_SERVER)."),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Work on the platform in this data folder, served or not (JOBFERRY_DATA).",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The settings file; else jobferry.toml in the data folder."
    ),
]
WorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace", "-w", metavar="NAME", help="Name or id of the workspace (JOBFERRY_WORKSPACE)."
    ),
]
JsonOption = Annotated[
    bool | None, typer.Option("--json", help="Print one JSON value to stdout.", show_default=False)
]
LanguageOption = Annotated[
    Spoken | None, typer.Option("--language", help="Language of messages (JOBFERRY_LANGUAGE, LANG).")
]


def _line_count(text: str) -> int:
    if text == "all":
        return ALL_LINES
    if not text.isdecimal():
        raise typer.BadParameter("write a whole number, or all")
    return int(text)


Lines = Annotated[
    int | None,
    typer.Option(
        "--lines", metavar="N|all", help="At most so many lines of a kind; else 10.", parser=_line_count
    ),
]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Write there why what did not pass: .csv, .json or .txt; or all of it as a page: .html.",
    ),
]
Page = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE.html", help="Write there all of it as a page that needs no network."
    ),
]
"""Options of several commands; not common to all."""

_QUIET = Annotated[
    bool | None,
    typer.Option("-q", "--quiet", help="Print names or ids only, one a line.", show_default=False),
]
"""What every command that lists takes."""

_COMMON: dict[str, Any] = {
    "server": ServerOption,
    "data": DataOption,
    "config": ConfigOption,
    "workspace": WorkspaceOption,
    "json": JsonOption,
    "language": LanguageOption,
}


PLATFORM = ("server", "data", "config", "workspace")
"""The common options that say which platform is asked."""


@dataclass(frozen=True)
class Call:
    """What was said on the command line about where, about which workspace, and how to answer."""

    server: str | None = None
    data: Path | None = None
    config: Path | None = None
    workspace: str | None = None
    json: bool | None = None
    language: Spoken | None = None
    quiet: bool | None = None

    def then(self, later: Call) -> Call:
        """This call with what was said after it."""
        said = {field.name: getattr(later, field.name) for field in fields(Call)}
        mine = {field.name: getattr(self, field.name) for field in fields(Call)}
        return Call(**{name: mine[name] if value is None else value for name, value in said.items()})

    def about(self, workspace: str) -> Call:
        """This call about another workspace."""
        return self.then(Call(workspace=workspace))

    @property
    def workspace_name(self) -> str:
        return self.workspace or os.environ.get("JOBFERRY_WORKSPACE") or "default"

    @property
    def spoken(self) -> Spoken:
        """The language to speak: as said, or as the environment says, or English."""
        said = self.language or os.environ.get("JOBFERRY_LANGUAGE")
        if not said:
            said = next(
                (os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), ""
            )
        return "zh" if said.lower().startswith("zh") else "en"

    @functools.cached_property
    def out(self) -> Out:
        """Where this call's answer goes."""
        return Out(as_json=bool(self.json), say=words(self.spoken))

    def done(self, value: Any, line: str) -> None:
        """Answers with a value as JSON, else with one line."""
        self.out.value(value)
        self.out.line(line)

    def listed(
        self,
        heading: Sequence[str],
        items: Sequence[Any],
        row: Callable[[Any], Sequence[str]],
        *,
        name: Callable[[Any], str] = attrgetter("name"),
    ) -> None:
        """Answers with a list as JSON, else with a table that has a row for each item.

        With ``--quiet`` only with its ``name``, by which other commands take it.
        """
        if self.json:
            self.out.value(items)
        elif self.quiet:
            self.names(map(name, items))
        else:
            self.out.table(heading, [row(item) for item in items])

    def names(self, names: Iterable[str]) -> None:
        """Answers with names alone, as ``--quiet`` has it."""
        for name in names:
            self.out.line(str(name))


def command(
    app: typer.Typer, name: str, *, without: Sequence[str] = (), lists: bool | None = None
) -> Callable[[Command[P]], Command[P]]:
    """Adds a function to ``app`` as a command; it gets the ``Call`` first, and gives its exit code.

    ``without`` names common options that make no sense for it: :data:`PLATFORM` where it asks none. One that
    ``lists`` takes ``--quiet`` too; the command ``list`` of a group does, if nothing else is said.
    """
    quiet = name == "list" if lists is None else lists

    def register(function: Command[P]) -> Command[P]:
        app.command(name, cls=HelpCommand)(_with_common_options(function, without, quiet=quiet))
        return function

    return register


def group(app: typer.Typer, name: str, about: str) -> typer.Typer:
    """A group of commands that takes the common options too; alone, it prints its help."""
    commands = typer.Typer(cls=HelpGroup, rich_markup_mode=None, help=about, add_completion=False)
    alone(commands)(explain)
    app.add_typer(commands, name=name)
    return commands


def alone(app: typer.Typer) -> Callable[[Alone], Alone]:
    """Makes a function what a group does when none of its commands is named; it may take options."""

    def register(function: Alone) -> Alone:
        own = dict(list(inspect.signature(function, eval_str=True).parameters.items())[2:])

        def entry(ctx: typer.Context, **given: Any) -> int | None:
            ctx.obj = _call(ctx, {name: given.pop(name) for name in _COMMON})
            return function(ctx, ctx.obj, **given) if ctx.invoked_subcommand is None else None

        _dress(entry, own)
        app.callback(invoke_without_command=True)(entry)
        return function

    return register


def explain(ctx: typer.Context, call: Call) -> None:
    """Prints a group's help.

    Raises:
        InvalidRequest: JSON is wanted, and help is none.
    """
    if call.json:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "no command is given",
            hint=sentence("see `{command_path} --help`", command_path=ctx.command_path),
        )
    for line in ctx.get_help().splitlines():
        call.out.line(line)


def _with_common_options(
    function: Callable[..., int | None], without: Sequence[str], *, quiet: bool
) -> Callable[..., int | None]:
    hints = get_type_hints(function, include_extras=True)
    own: dict[str, inspect.Parameter] = {}
    bundles: dict[str, type] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        hint = hints[parameter.name]
        if isinstance(hint, type) and is_dataclass(hint):
            bundles[parameter.name] = hint
            own |= _options_of(hint)
        else:
            own[parameter.name] = parameter.replace(annotation=hint)
    if quiet:
        own["quiet"] = inspect.Parameter(
            "quiet", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_QUIET
        )

    def entry(ctx: typer.Context, **given: Any) -> int | None:
        call = _call(ctx, {name: given.pop(name, None) for name in (*_COMMON, "quiet")})
        if call.quiet and call.json:
            raise _either_quiet_or_json()
        for name, bundle in bundles.items():
            given[name] = bundle(**{option: given.pop(option) for option in _options_of(bundle)})
        return function(call, **given)

    entry.__doc__ = function.__doc__
    entry.__name__ = function.__name__
    _dress(entry, own, without)
    return entry


def _either_quiet_or_json() -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        "--quiet and --json are two ways to answer",
        subject="--quiet",
        hint="leave one of them out",
    )


def _options_of(bundle: type) -> dict[str, inspect.Parameter]:
    """The options that a dataclass is made of; a command that takes one takes each of its fields."""
    hints = get_type_hints(bundle, include_extras=True)
    return {
        parameter.name: parameter.replace(annotation=hints[parameter.name])
        for parameter in inspect.signature(bundle).parameters.values()
    }


def _call(ctx: typer.Context, said: dict[str, Any]) -> Call:
    former = ctx.obj if isinstance(ctx.obj, Call) else Call()
    return former.then(Call(**said))


def _dress(
    entry: Callable[..., int | None], own: dict[str, inspect.Parameter], without: Sequence[str] = ()
) -> None:
    """Gives ``entry`` the signature that Typer reads: the function's own parameters, then the common ones."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    mine = [one.replace(kind=keyword) for one in own.values()]
    common = [
        inspect.Parameter(name, keyword, default=None, annotation=annotation)
        for name, annotation in _COMMON.items()
        if name not in without
    ]
    signature = inspect.Signature([context, *mine, *common])
    entry.__signature__ = signature  # type: ignore[attr-defined]
    entry.__annotations__ = {
        parameter.name: parameter.annotation for parameter in signature.parameters.values()
    }
