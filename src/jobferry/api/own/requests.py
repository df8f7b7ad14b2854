"""The bodies that the own API takes. Unknown keys are refused by name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from jobferry.model.records import VariableType


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PackageReference(_Body):
    """A package that was handed in, or one in object storage."""

    id: str = ""
    path: str = ""


class InventoryThing(_Body):
    """Something outside Jobferry; the kind is judged where the kinds are known."""

    kind: str
    name: str
    local_id: str = ""


class InventoryRequest(_Body):
    """Things that this workspace can use."""

    items: list[InventoryThing]


class AcceptedRequest(_Body):
    """Kinds of the inventory of which everything exists here; with ``accepted`` false, no longer."""

    kinds: list[str]
    accepted: bool = True


class VariableRequest(_Body):
    """An environment variable."""

    value: str
    type: VariableType
    description: str = ""


class SecretsRequest(_Body):
    """Secrets of a connection, by their keys in its config."""

    secrets: dict[str, str]
