"""Named object stores: what each is told, and what its settings are called in a file and as variables."""

from __future__ import annotations

import re

from jobferry.model.names import MAX_COMPARED_LETTERS, nearest_names

DEFAULT = "default"
"""What the store is called that holds all buckets which no named one has."""
STORE_SETTINGS = (
    "access_key",
    "addressing",
    "buckets",
    "endpoint",
    "region",
    "secret_key",
    "secret_key_file",
)
"""What a named store may be told; none of them ends like another."""
_TABLE = "stores"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST = 32


def is_store_name(name: str) -> bool:
    """Whether a store can be called so, in a file and, with underscores, in the environment."""
    return _NAME.match(name) is not None and len(name) <= _LONGEST and name != DEFAULT


def store_key(store: str, setting: str) -> str:
    """What a setting of a store is called: ``stores.archive.region``."""
    return f"{_TABLE}.{store}.{setting}"


def store_variable(store: str, setting: str) -> str:
    """The variable that gives it, without the prefix: ``STORES_ARCHIVE_REGION``."""
    return store_key(store, setting).upper().replace(".", "_").replace("-", "_")


def key_of_variable(variable: str) -> str:
    """The setting that a variable gives; empty if it is none of a store."""
    rest = variable.removeprefix(f"{_TABLE.upper()}_")
    if rest == variable:
        return ""
    for setting in STORE_SETTINGS:
        store = rest.removesuffix(f"_{setting.upper()}").lower().replace("_", "-")
        if rest.endswith(f"_{setting.upper()}") and is_store_name(store):
            return store_key(store, setting)
    return ""


def near_variable(variable: str) -> str:
    """The variable of a store that may be meant; empty where none is near."""
    if not variable.startswith("STORE") or len(variable) > MAX_COMPARED_LETTERS:
        return ""
    _, *parts = variable.split("_")
    stores = ["_".join(parts[:count]) for count in range(1, len(parts))]
    likely = [store_variable(store, setting) for store in stores for setting in STORE_SETTINGS]
    return next(iter(nearest_names(variable, likely)), "")


def bucket_names(text: str) -> tuple[str, ...]:
    """Buckets that are written with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
