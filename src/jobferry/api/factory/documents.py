"""What documents of the Factory API look like, for its description. They come and go byte for byte.

The schemas tell what is meant; every key that a document has beyond them is kept.
"""

from __future__ import annotations

from typing import Annotated, Any

from jobferry.api.calls import Document, Media
from jobferry.api.factory.values import TARGET_STATES
from jobferry.model.kinds import JobType

_TEXT: dict[str, Any] = {"type": "string"}
_OBJECT = {"type": "object"}
_LISTED = {"type": "array", "items": _OBJECT}
_STATUS = {
    "targetStatus": {"enum": [*TARGET_STATES], "description": "Whether it is submitted as well."},
    "approvers": {"type": "array", "items": {"type": "object", "properties": {"approverName": _TEXT}}},
}


def _document(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def _media(schema: dict[str, Any]) -> Media:
    return Media(("application/json",), schema)


_JOB = _document(
    "name",
    name=_TEXT,
    nodes={"type": "array", "items": _document("name", "type", name=_TEXT, type=_TEXT)},
    schedule=_OBJECT,
    params=_LISTED,
    directory=_TEXT,
    processType={"enum": [*JobType]},
    basicConfig=_OBJECT,
    **_STATUS,
)
_SCRIPT = _document(
    "name",
    "type",
    name=_TEXT,
    type=_TEXT,
    content=_TEXT,
    directory=_TEXT,
    connectionName=_TEXT,
    **_STATUS,
)
_RESOURCE = _document("name", "type", "location", name=_TEXT, type=_TEXT, location=_TEXT, desc=_TEXT)
_CONNECTION = _document("name", "type", "config", name=_TEXT, type=_TEXT, config=_OBJECT)

JobBytes = Annotated[bytes, _media(_JOB)]
ScriptBytes = Annotated[bytes, _media(_SCRIPT)]
ResourceBytes = Annotated[bytes, _media(_RESOURCE)]
ConnectionBytes = Annotated[bytes, _media(_CONNECTION)]
DocumentAnswer = Annotated[Document, _media(_OBJECT)]
"""Any of them as it is answered."""
