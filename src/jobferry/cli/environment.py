"""``JOBFERRY_…`` variables: which there are, and in our words what is wrong with one.

A name that is not known is refused, since a typo would silently mean the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.names import nearest_names
from jobferry.model.object_stores import key_of_variable, near_variable
from jobferry.sentences import as_sentence, sentence

if TYPE_CHECKING:
    from jobferry.bootstrap.settings import PlatformSettings

PREFIX = "JOBFERRY_"
COMMANDS = ("CONFIG", "DATA", "DEBUG", "LANGUAGE", "SERVER", "TOKEN", "WORKSPACE")
"""What commands read, without the prefix."""
PLATFORM = (
    "CLIENT_PATIENCE",
    "CONNECTIONS",
    "CONNECTIONS_PER_ADDRESS",
    "DATABASE",
    "ENTRIES",
    "ENTRY_BYTES",
    "FACTORY_LOCAL_BYTES",
    "FACTORY_PACKAGE_BYTES",
    "FACTORY_UNPACKED_BYTES",
    "FILE_BYTES",
    "FINDING_BYTES",
    "HOST",
    "KEY",
    "KEY_FILE",
    "LOCAL_SIGN_IN",
    "LOG_LEVEL",
    "METRICS_TOKEN",
    "OBJECTS",
    "OBJECTS_ACCESS_KEY",
    "OBJECTS_ADDRESSING",
    "OBJECTS_BUCKETS",
    "OBJECTS_ENDPOINT",
    "OBJECTS_PATIENCE",
    "OBJECTS_REGION",
    "OBJECTS_SECRET_KEY",
    "OIDC_CLIENT",
    "OIDC_CONFIRM_DAYS",
    "OIDC_GROUPS",
    "OIDC_ISSUER",
    "OIDC_REDIRECT",
    "OIDC_ROLES",
    "OIDC_SECRET",
    "OIDC_SECRET_FILE",
    "PACKAGE_BYTES",
    "PACKAGES",
    "PATIENCE",
    "PLATFORM_NAME",
    "PORT",
    "RATIO",
    "READERS",
    "TASKS",
    "TLS_CERT",
    "TLS_KEY",
    "TRUSTED_PROXIES",
    "UNPACKED_BYTES",
    "UNREADABLE",
    "UPLOADS_PER_USER",
    "WEBHOOK_SECRET",
    "WEBHOOK_URL",
)
"""What a platform's process reads: the settings of ``bootstrap.settings``, which takes a while to load."""
_LANGUAGES = ("en", "zh")
_SERVICE = "s3"
_FORMS: dict[str, tuple[str, str]] = {
    "int_parsing": ("is not a whole number", ""),
    "bool_parsing": ("is neither true nor false", ""),
    "int_from_float": ("is not a whole number", ""),
    "float_parsing": ("is not a number", ""),
    "greater_than": ("is too small", "gt"),
    "greater_than_equal": ("is too small", "ge"),
    "less_than": ("is too large", "lt"),
    "less_than_equal": ("is too large", "le"),
    "literal_error": ("is not a value that it takes", "expected"),
    "string_too_long": ("is too long", "max_length"),
    "string_too_short": ("is empty", ""),
    "string_pattern_mismatch": ("has characters that cannot be shown", ""),
    "value_error": ("is not a size", ""),
    "no_proxies": (as_sentence("is not a list of addresses and networks, with commas"), ""),
    "no_place": (as_sentence("is neither a folder nor s3://bucket/folder"), ""),
}
"""What is wrong, by the validator's name for it, and which of its values says what would be right."""


def refuse_unknown() -> None:
    """Raises: InvalidRequest: a variable has our prefix and is none of ours, or names no language."""
    known = (*COMMANDS, *PLATFORM)
    for name in sorted(os.environ):
        own = name.removeprefix(PREFIX)
        if own != name and own not in known and not key_of_variable(own):
            near = [found] if (found := near_variable(own)) else nearest_names(own, known)
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("there is no setting {variable} in the environment", variable=name),
                subject=name,
                hint=sentence("did you mean {variable}?", variable=PREFIX + near[0])
                if near
                else "unset it; docs/reference/settings.md lists what there is",
            )
    spoken = os.environ.get(f"{PREFIX}LANGUAGE", "")
    if spoken and not spoken.lower().startswith(_LANGUAGES):
        raise unfit(f"{PREFIX}LANGUAGE", spoken, "is not a supported language", "set it to en or zh")


def of_wrong_form(errors: Sequence[Mapping[str, Any]], origins: Mapping[str, str]) -> InvalidRequest:
    """The error for settings that the validator refuses, about the first of them.

    ``origins`` says by key which variable, option or file the value comes from.
    """
    first = errors[0]
    key = ".".join(str(part) for part in first["loc"])
    variable = named(key, origins.get(key, PREFIX + key.upper()))
    reason, limit = _FORMS.get(first["type"], ("does not fit", ""))
    hint: str = sentence("correct {variable}, or unset it", variable=variable)
    if (right := first.get("ctx", {}).get(limit)) is not None:
        hint = sentence(
            "its limit is {limit}; correct {variable}, or unset it", limit=right, variable=variable
        )
        if limit == "expected":
            hint = sentence("it takes {values}", values=right)
    elif first["type"] == "value_error":
        hint = "write bytes, or a size such as 512 KiB, 64 MiB or 1G"
    return unfit(variable, str(first.get("input", "")), reason, hint)


def refuse_unusable(settings: PlatformSettings) -> None:
    """Raises: InvalidRequest: what settings say together cannot be meant."""
    if settings.key_file and settings.key.get_secret_value():
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "JOBFERRY_KEY and JOBFERRY_KEY_FILE name two keys",
            subject=f"{PREFIX}KEY",
            hint="give one of them only",
        )
    if not settings.tasks and not settings.database:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "without PostgreSQL there is one server, and it does the background tasks itself",
            subject=f"{PREFIX}TASKS",
            hint="name a database with JOBFERRY_DATABASE, or leave out --no-tasks and JOBFERRY_TASKS",
        )
    objects = settings.objects
    if objects and objects != _SERVICE and os.sep not in objects and not Path(objects).is_dir():
        raise unfit(
            f"{PREFIX}OBJECTS",
            objects,
            "is neither s3 nor a folder",
            sentence("for a new folder write ./{folder}, for an object service s3", folder=objects),
        )


def named(key: str, origin: str) -> str:
    """What a setting is called where somebody gave it: a variable, an option, or a key in a file."""
    if origin.startswith((PREFIX, "--")):
        return origin
    return sentence("{key} in {file}", key=key, file=origin)


def unfit(variable: str, value: str, reason: str, hint: str) -> InvalidRequest:
    """The error for a variable whose value cannot be used."""
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence(
            "{variable} is {value}, which {reason}",
            variable=variable,
            value=repr(value),
            reason=as_sentence(reason),
        ),
        subject=variable,
        hint=hint,
    )
