"""The settings file: TOML with the keys of the settings of a platform's process, all at the top but for those
of named object stores, each of which has a table ``[stores.NAME]``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from jobferry.bootstrap.settings import PlatformSettings, SettingsFile
from jobferry.cli.files import text_of
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.names import nearest_names
from jobferry.model.object_stores import STORE_SETTINGS, is_store_name, store_key
from jobferry.sentences import Sentence, sentence

_STORES = "stores"
_STORE_HINT = "write a table for each store, such as [stores.archive], and its settings below it"


def read_config(path: Path) -> SettingsFile:
    """What a settings file says; values are judged with those of the environment, later.

    Raises:
        NotFound: it cannot be read.
        InvalidRequest: it is no TOML, names a setting that there is not, or a value is of no use.
    """
    try:
        found = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise _unusable(path, _where(str(error)), "write lines such as port = 8650") from None
    return SettingsFile(
        path,
        {key: _text(path, key, value) for key, value in found.items() if key != _STORES}
        | _of_stores(path, found.get(_STORES, {})),
    )


def _of_stores(path: Path, tables: object) -> dict[str, str]:
    """The settings of named stores, by their whole keys."""
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise _unusable(path, sentence("stores is no table of stores"), _STORE_HINT)
    for store in tables:
        if not is_store_name(store):
            raise _unusable(
                path,
                sentence("no object store can be called {name}", name=repr(store)),
                "use small letters, digits and hyphens, at most 32, and another name than default",
            )
    return {
        store_key(store, setting): _text(path, store_key(store, setting), value, STORE_SETTINGS)
        for store, table in tables.items()
        for setting, value in table.items()
    }


def _text(path: Path, key: str, value: object, known: Sequence[str] = ()) -> str:
    """A value as the environment would have it; a list of texts is one with commas. The last part of its key
    is one that is ``known``."""
    known = known or [setting for setting in PlatformSettings.model_fields if setting != _STORES]
    table, _, setting = key.rpartition(".")
    if setting not in known:
        near = nearest_names(setting.lower(), known)
        raise _unusable(
            path,
            sentence("there is no setting {key}", key=key),
            sentence("did you mean {variable}?", variable=f"{table}{'.' if table else ''}{near[0]}")
            if near
            else "docs/reference/settings.md lists what there is",
        )
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    if not isinstance(value, str | int | float):
        raise _unusable(
            path,
            sentence("{key} is neither a text nor a number", key=key),
            "write each setting as one line: key = value",
        )
    return str(value)


def _where(said: str) -> Sentence:
    """Where TOML ends, in our words."""
    if found := re.search(r"at line (\d+), column (\d+)", said):
        return sentence(
            "line {line}, column {column}: this is not valid TOML", line=found[1], column=found[2]
        )
    return sentence("it is not valid TOML")


def _unusable(path: Path, reason: Sentence, hint: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the settings file {file} cannot be used: {reason}", file=path, reason=reason),
        subject=str(path),
        hint=hint,
    )
