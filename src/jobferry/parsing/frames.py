"""What a platform and a process that reads for it say to each other: length, then that many bytes."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from jobferry.model.document.facts import FactRules
from jobferry.parsing.ports import Read, Text

_LENGTH_BYTES = 8
_Order = tuple[FactRules, list[Text]]

_encoder = msgspec.msgpack.Encoder()
_orders = msgspec.msgpack.Decoder(_Order)
_answers = msgspec.msgpack.Decoder(list[Read])


def order(page: list[Text], fact_rules: FactRules) -> bytes:
    """A page that is to be read."""
    return _encoder.encode((fact_rules, page))


def ordered(said: bytes) -> tuple[FactRules, list[Text]]:
    """The same, at the other end."""
    reading, page = _orders.decode(said)
    return reading, page


def answer(reads: list[Read]) -> bytes:
    """What was in a page."""
    return _encoder.encode(reads)


def answered(said: bytes) -> list[Read]:
    """The same, at the other end."""
    return _answers.decode(said)


def send(pipe: BinaryIO, said: bytes) -> None:
    """Says something.

    Raises:
        OSError: nobody is there any more.
    """
    pipe.write(len(said).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(said)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """What is said next; nothing once the other side is gone, in the middle of a word or not."""
    head = pipe.read(_LENGTH_BYTES)
    length = int.from_bytes(head, "big")
    said = pipe.read(length)
    return said if len(head) == _LENGTH_BYTES and len(said) == length else None
