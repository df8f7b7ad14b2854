"""What of a document its reader may see: sensitive values are for those who may edit it.

Everybody else gets them empty, as a package has them; all else keeps its exact bytes.
"""

from __future__ import annotations

from typing import Any

from jobferry.model.document.edits import edited
from jobferry.model.document.sensitive import emptied, veil
from jobferry.model.document.text import parse_known
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import editing
from jobferry.model.settings import read_settings
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Contents


def readable_texts(
    contents: Contents, grant: Grant, kind: ObjectKind, texts: dict[str, bytes]
) -> dict[str, bytes]:
    """Texts by the digest that they are stored under, as the caller may read them."""
    if grant.may(editing(kind)):
        return texts
    facts = stored_facts(contents, kind, texts, read_settings(grant.workspace.settings).reading)
    return {
        digest: edited(text, emptied(parse_known(text), facts[digest].sensitive))
        if facts[digest].exposed
        else text
        for digest, text in texts.items()
    }


def readable_pair(
    contents: Contents, grant: Grant, kind: ObjectKind, former: tuple[str, bytes], latter: tuple[str, bytes]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two documents to be compared, each a digest and its text. Who may not see a sensitive value still sees
    that it differs."""
    before, after = parse_known(former[1]), parse_known(latter[1])
    if not grant.may(editing(kind)):
        reading = read_settings(grant.workspace.settings).reading
        facts = stored_facts(contents, kind, (former[0], latter[0]), reading)
        veil(before, facts[former[0]].sensitive, after, facts[latter[0]].sensitive)
    return before, after
