"""Bodies of calls: each has a limit, and so has every list and object in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from jobferry.api.bodies import BodyLimit, LongList, LongTuple, ShortList
from jobferry.api.calls import Body, Calls, Upload, declared
from jobferry.api.decoding import Bound, is_raw, plain, read_body
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.factory.description import factory_description
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.api.native.description import native_description
from jobferry.model.names import Limits
from reference import API_PAGE, with_body_limits

WITH_BODY = [bound for bound in map(Bound, (*NATIVE, *FACTORY)) if bound.body is not None]


class Inner(Body):
    """Something in something."""

    names: list[str]
    table: dict[str, LongList[str]]


class Outer(Body):
    """Something."""

    inner: ShortList[Inner] | None = None
    rows: tuple[Inner, ...] = ()


def unlimited(kind: inspect.Type, at: str = "", above: tuple[type, ...] = ()) -> Iterator[str]:
    """Find lists and objects of any length in a type, by their places."""
    match kind:
        case inspect.Metadata(type=inner):
            yield from unlimited(inner, at, above)
        case inspect.StructType(cls=cls, fields=fields) if cls not in above:
            for field in fields:
                yield from unlimited(field.type, f"{at}.{field.encode_name}", (*above, cls))
        case (
            inspect.ListType(item_type=inner, max_length=most)
            | inspect.VarTupleType(item_type=inner, max_length=most)
            | inspect.SetType(item_type=inner, max_length=most)
            | inspect.FrozenSetType(item_type=inner, max_length=most)
        ):
            yield from [] if most else [at]
            yield from unlimited(inner, f"{at}[]", above)
        case inspect.DictType(key_type=key, value_type=inner, max_length=most):
            is_counted = most or isinstance(key, inspect.EnumType)
            yield from [] if is_counted else [at]
            yield from unlimited(inner, f"{at}{{}}", above)
        case inspect.UnionType(types=kinds):
            for one in kinds:
                yield from unlimited(one, at, above)


def test_every_list_and_object_in_a_body_has_a_maximum_length() -> None:
    found = {
        f"{bound.declared.method} {bound.declared.path}": places
        for bound in WITH_BODY
        if not is_raw(bound.body) and (places := list(unlimited(inspect.type_info(bound.body))))
    }
    assert found == {}


def test_a_list_without_a_maximum_length_is_found_wherever_it_is() -> None:
    assert set(unlimited(inspect.type_info(Outer))) == {
        ".inner[].names",
        ".inner[].table",
        ".rows",
        ".rows[].names",
        ".rows[].table",
    }


def test_every_body_has_a_limit_and_one_without_sign_in_a_small_one() -> None:
    for bound in WITH_BODY:
        assert bound.declared.body_limit <= BodyLimit.DOCUMENT
        if not bound.entry.needs_sign_in:
            assert bound.declared.body_limit is BodyLimit.ANONYMOUS


def test_a_script_of_the_largest_size_fits_into_a_body_even_where_each_letter_is_escaped_as_two() -> None:
    assert 2 * Limits().script_bytes < BodyLimit.DOCUMENT


def test_the_descriptions_tell_the_limit_of_every_body() -> None:
    described = {**native_description("1")["paths"], **factory_description("1")["paths"]}
    told = {
        operation["operationId"]: operation["requestBody"].get("x-max-bytes")
        for methods in described.values()
        for operation in methods.values()
        if "requestBody" in operation
    }
    assert told == {
        bound.declared.name: None if plain(bound.body) is Upload else bound.declared.body_limit
        for bound in WITH_BODY
        if bound.declared.is_described
    }


def test_the_page_of_the_api_lists_the_limits_as_they_are() -> None:
    page = Path(API_PAGE).read_text(encoding="utf-8")
    assert page == with_body_limits(page)


@pytest.mark.parametrize(
    "body",
    [
        b"{%s}" % b",".join(b'"k%d":0' % number for number in range(50_000)),
        b'{"names":[%s]}' % b",".join([b"0"] * 5_000),
    ],
)
def test_decoding_stops_at_the_hundredth_fault_and_so_do_hints(body: bytes) -> None:
    class Named(Body):
        names: LongTuple[str] = ()

    work: dict[str, int] = {}

    def count(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            work[frame.f_code.co_name] = work.get(frame.f_code.co_name, 0) + 1

    read_body(Named, b'{"name":0}')  # what is imported for it is no work of it
    sys.setprofile(count)
    try:
        _, faults = read_body(Named, body)
    finally:
        sys.setprofile(None)
    assert len(faults) == 100
    assert work.get("nearest_names", 0) <= 100
    assert sum(work.values()) < 10_000


def test_no_similar_name_is_looked_for_where_a_key_is_long() -> None:
    class Named(Body):
        names: LongTuple[str] = ()

    _, (near, far) = read_body(Named, msgspec.json.encode({"name": 0, "name" + "s" * 300: 0}))
    assert "did you mean names?" in str(near.hint)
    assert "did you mean" not in str(far.hint)


@pytest.mark.parametrize(("count", "told"), [(100, 0), (101, 1)])
def test_a_list_may_be_as_long_as_its_limit_and_a_longer_one_is_one_fault(count: int, told: int) -> None:
    class Named(Body):
        names: ShortList[str] | None = None

    _, faults = read_body(Named, msgspec.json.encode({"names": ["a"] * count}))
    assert [fault.path for fault in faults] == ["names"] * told
    assert all("at most 100" in str(fault.message) for fault in faults)


def test_unknown_parameters_of_a_query_are_told_up_to_the_hundredth() -> None:
    api = Calls("/things")

    @api.get("")
    def look(call: Any, colour: str = "") -> None:
        """Look."""

    read = Bound(declared(look))
    _, faults = read.values({}, {f"k{number}": [""] for number in range(8_000)}, {})
    assert len(faults) == 100
