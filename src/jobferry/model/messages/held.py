"""What a held object waits for, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.kinds import NeedKind
from jobferry.model.messages import Language, told
from jobferry.model.transfer.plan_view import waited
from jobferry.sentences import Sentence, sentence


def told_waiting(missing: Iterable[str], language: Language) -> str:
    """That an object is held, and for what."""
    things = [_thing(entry) for entry in missing]
    return told(sentence("held: it cannot start until this is here: {things}", things=things), language)


def _thing(entry: str) -> Sentence:
    kind, name, workspace = waited(entry)
    thing = sentence("{kind} {name}", kind=NeedKind(kind), name=name)
    if not workspace:
        return thing
    return sentence("{thing} of the workspace {workspace}", thing=thing, workspace=workspace)
