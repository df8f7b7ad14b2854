"""What a call takes, of the texts that were sent, and everything that is wrong with them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar

import pytest
from msgspec import Meta, Struct, field

from jobferry.api.calls import Asked, Body, Calls, Header, Key, Limit, QueryGroup, declared
from jobferry.api.decoding import Bound, decoded, meaning, refuse
from jobferry.errors import InvalidRequest

_TAKEN = "it takes colour, limit, flag, word, from"

api = Calls("/things/{place}")
tolerant = Calls("/things", keys=str.upper, is_lenient=True)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(Body):
    """Something in something."""

    number: Annotated[int, Meta(ge=1, le=9)]
    colour: Colour = Colour.RED


class Outer(Body):
    """Something."""

    name: str
    inner: Inner | None = None
    several: list[Inner] = field(default_factory=list)
    named: dict[str, Inner] = field(default_factory=dict)


class Wide(Struct):
    """A body of which more is sent than is taken."""

    name: str
    number: int = 0


class Choice(QueryGroup):
    """Several at a time."""

    colour: Colour | None = None
    tag: Annotated[str, Header("X-Tag")] = ""


class Anybody:
    """Whoever asks."""

    needs_sign_in: ClassVar[bool] = False
    described: ClassVar[tuple[dict[str, Any], ...]] = ()

    @classmethod
    def of(cls, _: Asked) -> Anybody:
        """Nobody is asked."""
        return cls()


@api.get("/{name:path}")
def look(
    who: Anybody,
    name: str,
    choice: Choice,
    limit: Limit = 10,
    *,
    flag: bool = False,
    word: tuple[str, ...] = (),
    since: Annotated[int | None, Key("from")] = None,
) -> Wide:
    """Looks."""
    return Wide(name)


@api.get("/{name}/past")
def look_back(who: Anybody, name: str, since: int) -> Wide:
    """Looks back."""
    return Wide(name, since)


@api.get("/{name}/here")
def stand(who: Anybody, name: str) -> Wide:
    """Stands."""
    return Wide(name)


@tolerant.get("/all")
def tolerate(who: Anybody, number: int = 7, word: str = "none") -> Wide:
    """Looks away."""
    return Wide(word, number)


def read(run: Any, query: dict[str, list[str]], headers: dict[str, str] | None = None) -> dict[str, Any]:
    found, faults = Bound(declared(run)).values({"place": "p", "name": "n"}, query, headers or {})
    refuse(faults)
    return found


def wrong(run: Any, query: dict[str, list[str]]) -> dict[str, str]:
    found = Bound(declared(run)).values({"place": "p", "name": "n"}, query, {})
    return {fault.path: fault.message for fault in found.faults}


def test_texts_become_what_the_signature_says() -> None:
    query = {"limit": ["5"], "flag": ["true"], "word": ["a", "b"], "from": ["12"], "colour": ["blue"]}
    assert read(look, query, {"X-Tag": "t"}) == {
        "name": "n",
        "limit": 5,
        "flag": True,
        "word": ("a", "b"),
        "since": 12,
        "choice": Choice(colour=Colour.BLUE, tag="t"),
    }


def test_what_is_not_said_is_left_to_the_function() -> None:
    assert read(look, {}) == {"name": "n", "choice": Choice()}


def test_everything_that_is_wrong_with_a_query_is_told() -> None:
    query = {"limit": ["0"], "flag": ["yes"], "colour": ["null"], "from": ["null"]}
    assert wrong(look, {"limit": ["1", "2"], "word": ["1", "2"]}) == {
        "limit": "`limit` is given 2 times; give it once"
    }
    assert wrong(look, query) == {
        "limit": "limit is '0'; use a whole number from 1 to 1000",
        "flag": "flag is 'yes'; use true or false",
        "colour": "colour is 'null'; use one of: red, blue",
        "from": "from is 'null'; use a whole number",
    }


def test_what_a_query_may_not_name_is_refused_with_what_it_may() -> None:
    query = {"limits": ["5"], "moon": ["1"], "language": ["zh"], "place": ["p"], "X-Tag": ["t"]}
    found = Bound(declared(look)).values({"place": "p", "name": "n"}, query, {}).faults
    assert {fault.path: (fault.code, fault.message, fault.hint) for fault in found} == {
        key: ("invalid-value", f"{key}: there is no such parameter", hint + _TAKEN)
        for key, hint in {"limits": "did you mean limit? ", "moon": "", "place": "", "X-Tag": ""}.items()
    }
    with pytest.raises(InvalidRequest) as refused:
        read(look_back, {"since": ["1"], "until": ["2"]})
    assert (refused.value.message, refused.value.hint) == (
        "until: there is no such parameter",
        "it takes since",
    )
    with pytest.raises(InvalidRequest) as refused:
        read(stand, {"since": ["1"]})
    assert refused.value.hint == "it takes no parameter"


def test_what_has_to_be_said_is_asked_for() -> None:
    assert wrong(look_back, {}) == {"since": "since is required"}


@pytest.mark.parametrize("text", ["+5", "1_000", " 5", "٥", ""])
def test_a_number_is_plain_digits(text: str) -> None:
    assert "limit" in wrong(look, {"limit": [text]})


def test_an_empty_text_counts_as_not_said_where_the_table_is_lenient() -> None:
    assert read(tolerate, {"NUMBER": [" "], "WORD": [""], "MOON": ["1"]}) == {}
    assert read(tolerate, {"NUMBER": [" 5 "]}) == {"number": 5}


def test_everything_that_is_wrong_with_a_body_is_told_place_by_place() -> None:
    body = b"""{"inner": {"number": 10, "shape": 1}, "several": [{"number": 1}, {"number": "2"}, 3],
      "named": {"a": {"colour": "green", "number": 1}}, "extra": null}"""
    with pytest.raises(InvalidRequest) as refused:
        decoded(Outer, body)
    assert {fault.path: fault.message for fault in refused.value.faults} == {
        "extra": "extra: there is no such key",
        "name": "name is required",
        "inner.shape": "inner.shape: there is no such key",
        "inner.number": "inner.number: use a whole number from 1 to 9",
        "several.1.number": "several.1.number: use a whole number from 1 to 9",
        "several.2": "several.2: use an object",
        "named.a.colour": "named.a.colour: use one of: red, blue",
    }


def test_of_a_single_fault_the_message_is_enough() -> None:
    with pytest.raises(InvalidRequest) as refused:
        decoded(Outer, b'{"name": "a", "inner": {"number": 1, "color": "red"}}')
    assert refused.value.hint == "did you mean inner.colour? it takes inner.number, inner.colour"
    with pytest.raises(InvalidRequest) as refused:
        decoded(Outer, b'{"name": 5}')
    assert (refused.value.subject, refused.value.message) == ("name", "name: use a text")
    assert refused.value.faults == ()


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"name": "\xff"}', b'{"name": 1} x', b"[]", b"5"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest, match="the body"):
        decoded(Outer, body)


@pytest.mark.parametrize("body", [b"", b" ", b"null"])
def test_nothing_counts_as_an_empty_object(body: bytes) -> None:
    with pytest.raises(InvalidRequest, match="name is required"):
        decoded(Outer, body)


def test_a_wide_body_takes_what_it_does_not_know() -> None:
    assert decoded(Wide, b'{"name": "a", "more": 1, "number": "5"}', strict=False) == Wide("a", 5)


def test_no_value_of_a_body_is_repeated() -> None:
    with pytest.raises(InvalidRequest) as refused:
        decoded(Inner, b'{"number": "s3cret", "colour": "s3cret"}')
    assert "s3cret" not in refused.value.whole


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (int, "a whole number"),
        (Annotated[int, Meta(ge=3)], "a whole number of at least 3"),
        (Annotated[str, Meta(max_length=5)], "a text of at most 5 characters"),
        (float, "a number"),
        (list[str], "a list"),
        (Annotated[list[str], Meta(min_length=2)], "a list of at least 2"),
        (dict[str, int], "an object"),
        (Colour | None, "one of: red, blue"),
        (str | int, "a whole number or a text"),
    ],
)
def test_what_a_value_looks_like_in_words(kind: Any, words: str) -> None:
    assert sorted(meaning(kind).split(" or ")) == sorted(words.split(" or "))
