"""doctor: what is wrong with a platform here, and what to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import typer

from jobferry.cli.call import Call, command
from jobferry.cli.hosting import platform_settings
from jobferry.cli.problems import DONE, EXIT_CODES
from jobferry.cli.session import data_folder
from jobferry.model.messages import Language
from jobferry.model.messages.reader import Reader

if TYPE_CHECKING:
    from jobferry.bootstrap.doctor import Look


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "doctor", without=("server", "workspace"))(doctor)


def doctor(call: Call) -> int:
    """Look a platform over, served or not, and say what to do.

    Rights of files, disk, open files, object storage, database, tables, key and clock. Nothing is changed.
    The exit code is that of the first error; warnings have none.
    """
    from jobferry.bootstrap.doctor import examine
    from jobferry.bootstrap.home import Home

    home = Home(data_folder(call))
    home.require_platform()
    settings = platform_settings(home.settings_file, call.config)
    looks = list(examine(home, settings, time.time_ns() // 1_000_000))
    read = Reader(Language.of(call.spoken)).told
    call.out.value([_value(look, read) for look in looks])
    say = call.out.say
    for look in looks:
        call.out.line(f"{say(_state(look))}  {look.part}: {read(look.message)}")
        if look.error is not None and look.error.hint:
            call.out.line(f"    {read(look.error.hint)}")
    wrong = [look.error for look in looks if look.error is not None and not look.is_warning]
    return EXIT_CODES[wrong[0].code] if wrong else DONE


def _state(look: Look) -> str:
    if look.error is None:
        return "well"
    return "warning" if look.is_warning else "error"


def _value(look: Look, read: Any) -> dict[str, str]:
    error = look.error
    return {
        "part": look.part,
        "state": _state(look),
        "code": error.code.value if error else "",
        "message": read(look.message),
        "hint": read(error.hint) if error else "",
    }
