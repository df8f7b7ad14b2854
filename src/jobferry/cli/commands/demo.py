"""demo: two platforms, one package, the whole trip, by the very commands that it prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec
import typer

from jobferry.api.native.connections import create_connection
from jobferry.api.native.inventory import InventoryThing, NewInventory, add_inventory
from jobferry.api.native.variables import NewVariable, save_variable
from jobferry.api.native.workspaces import change_settings
from jobferry.cli.call import PLATFORM, Call, command
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.session import new_platform
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.records import VariableType
from jobferry.sentences import sentence

_EXAMPLES = Path(__file__).parents[2] / "examples"
_HOSTS = {"test": "127.0.0.1", "production": "localhost"}
_MAPPING = "production-mapping.yaml"
_FILES = ("warehouse", "test-platform.yaml", "production-platform.yaml", _MAPPING)
_TIME_ZONE = "Asia/Shanghai"
_CHANGING = ((re.compile(r"\b[0-9a-f]{64}\b"), "<digest>"), (re.compile(r"\b[0-9a-f]{32}\b"), "<id>"))
"""What differs from run to run, and what is printed instead."""


class Step(NamedTuple):
    """One command of the demo: why, what, and how it ends."""

    why: str
    arguments: str
    ends: int = DONE


_TRIP = (
    Step("Bring the warehouse of 26 jobs into the platform test.", "import warehouse --data test --lines 3"),
    Step("Pack the whole workspace.", "export --all -o warehouse.zip --data test"),
    Step("Look into the package; this needs no platform.", "inspect warehouse.zip --lines 3"),
    Step(
        "Ask production what it thinks. Two things have other names there. Nothing is written.",
        "check warehouse.zip --data production --lines 4",
        BLOCKED,
    ),
    Step(
        "Say what stands for what, and import.",
        f"import warehouse.zip --data production --mapping {_MAPPING} --lines 4",
    ),
    Step(
        "Import once more: all is there already, so nothing is done.",
        f"import warehouse.zip --data production --mapping {_MAPPING} --lines 2",
    ),
)


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "demo", without=PLATFORM)(demo)


def demo(
    call: Call,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Leave both platforms in this new folder.")
    ] = None,
    *,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve both platforms with their consoles, until Ctrl-C.")
    ] = False,
) -> None:
    """Carry a workspace between two new platforms, as an example."""
    done: list[dict[str, Any]] = []
    with _scratch(keep) as folder:
        for name in _FILES:
            source = _EXAMPLES / name
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
        for name in _HOSTS:
            call.out.line(_founded(call, folder, name))
        for step in _TRIP:
            call.out.line()
            call.out.line(f"# {call.out.say(step.why)}", "dim")
            call.out.line(f"$ jobferry {step.arguments}", "bold")
            said = _done(call, folder, step)
            for line in said.splitlines():
                call.out.line(line)
            done.append({"command": f"jobferry {step.arguments}", "exit_code": step.ends, "output": said})
        if serve:
            _serve(call, folder)
            return
    _farewell(call, keep, done)


def _farewell(call: Call, keep: Path | None, done: list[dict[str, Any]]) -> None:
    say = call.out.say
    call.out.value({"kept": str(keep) if keep else None, "steps": done})
    call.out.line()
    program = sys.argv[0] if Path(sys.argv[0]).name == "jobferry" else "jobferry"
    if keep is None:
        farewell = say("That was it. To keep both platforms and look around: jobferry demo --keep DIR")
    else:
        farewell = say(
            "That was it. To look around: cd {place}, then jobferry job list --data production",
            place=shlex.quote(str(keep)),
        )
    call.out.line(f"# {farewell}")
    call.out.line(f"# {say('To open both platforms in a browser:')}")
    call.out.line(f"{shlex.quote(program)} demo --serve", "bold")


def _serve(call: Call, folder: Path) -> None:
    """Serves both platforms on free ports until it is told to stop (SIGTERM, Ctrl-C).

    Each has a host name of its own: browsers keep one session for all ports of a host.
    """
    with ExitStack() as served:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        sites = [served.enter_context(_site(call, folder, *site)) for site in _HOSTS.items()]
        with suppress(KeyboardInterrupt):
            for site in sites:
                site.wait()


@contextmanager
def _site(call: Call, folder: Path, name: str, host: str) -> Iterator[subprocess.Popen[bytes]]:
    """A served platform, as a process of its own that ends with this one."""
    command_line = [sys.executable, "-m", "jobferry", "serve", "--data", name, "--host", host, "--port", "0"]
    ready = {"JOBFERRY_LOG_LEVEL": "warning"}
    site = subprocess.Popen(  # noqa: S603 - our own program
        command_line, cwd=folder, env=_environment(call) | ready, stdout=subprocess.PIPE
    )
    try:
        if site.stdout is not None:
            call.out.line(f"{name}: {site.stdout.readline().decode().rstrip()}")
        yield site
    finally:
        site.terminate()
        site.communicate()


@contextmanager
def _scratch(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="jobferry-demo-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True)
    except FileExistsError:
        raise Conflict(
            ErrorCode.NAME_TAKEN,
            sentence("{keep} exists already", keep=keep),
            subject=str(keep),
            hint="name a folder that does not exist",
        ) from None
    yield keep


def _founded(call: Call, folder: Path, name: str) -> str:
    """Makes a platform with what its file says it has, and tells what that is."""
    import yaml

    has = yaml.safe_load((folder / f"{name}-platform.yaml").read_text(encoding="utf-8"))
    by_kind = has["inventory"] | {"user": has["users"]}
    things = [InventoryThing(kind=kind, name=called) for kind, names in by_kind.items() for called in names]
    there = Call(data=folder / name, workspace="default", language=call.language)
    with _apart(), new_platform(there, folder / name, name) as api:
        api.ask(change_settings, {"time_zone": _TIME_ZONE})
        for connection in has["connections"]:
            api.ask(create_connection, msgspec.json.encode(connection))
        api.ask(add_inventory, NewInventory(items=things))
        for variable in has["variables"]:
            wanted = NewVariable(value=variable["value"], type=VariableType(variable["type"]))
            api.ask(save_variable, variable["name"], wanted)
    told = call.out.say(
        "{name}: {connections} connections, {things} things of the inventory, {variables} variables",
        name=name,
        connections=len(has["connections"]),
        things=len(things),
        variables=len(has["variables"]),
    )
    return f"# {told}"


@contextmanager
def _apart() -> Iterator[None]:
    """Meanwhile nothing in this process's environment leads to a platform that is there: to its database, its
    key, its packages."""
    kept = {name: os.environ.pop(name) for name in _leading(os.environ)}
    try:
        yield
    finally:
        os.environ.update(kept)


def _done(call: Call, folder: Path, step: Step) -> str:
    """Runs a step as a process of its own, and gives what it printed.

    Raises:
        RuntimeError: it ended in another way than it should.
    """
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "jobferry", *shlex.split(step.arguments)],
        cwd=folder,
        env=_environment(call),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode != step.ends:
        raise RuntimeError(f"{step.arguments!r} ended with {ended.returncode}: {ended.stderr}{ended.stdout}")
    said = ended.stdout
    for changing, shown in _CHANGING:
        said = changing.sub(shown, said)
    return said


def _environment(call: Call) -> dict[str, str]:
    """Ours, without what would lead the commands to other platforms."""
    ours = {name: value for name, value in os.environ.items() if name not in _leading(os.environ)}
    return ours | {"JOBFERRY_LANGUAGE": call.spoken, "PYTHONUTF8": "1"}


def _leading(environment: Iterable[str]) -> list[str]:
    return [name for name in environment if name.startswith("JOBFERRY_")]
