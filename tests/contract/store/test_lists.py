"""Pages of lists on every database: what fits, in which order, and how many there are in all."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.lists import (
    ConnectionFilter,
    InventoryFilter,
    MemberFilter,
    NoticeFilter,
    PolicyFilter,
    ReviewItemFilter,
    UserFilter,
    VariableFilter,
)
from jobferry.model.people import (
    About,
    AboutKind,
    AccessKey,
    DirectoryPolicy,
    Member,
    Notice,
    NoticeCode,
    Token,
    User,
)
from jobferry.model.records import Connection, InventoryItem, Variable, VariableType
from jobferry.model.review import Ask, Review, ReviewFilter, ReviewItem, ReviewKind, ReviewState
from jobferry.model.rights import Role
from jobferry.model.transfer.checked_import import Route
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.model.transfer.policy import ImportOptions


@pytest.fixture
def uow(store):
    with store.write() as uow:
        yield uow


def connection(name: str, type_: str, at: int, workspace_id: str = "w1") -> Connection:
    return Connection(
        workspace_id=workspace_id, name=name, type=type_, document=b"{}", secrets=b"", updated_at=at
    )


def names(page: tuple[int, list[Any]]) -> list[str]:
    total, found = page
    assert total == len(found)
    return [one.name for one in found]


def test_connections(uow):
    for one in (connection("b_dws", "DWS", 3), connection("A", "HIVE", 2), connection("数仓", "DWS", 1)):
        uow.connections.add(one)
    uow.connections.add(connection("elsewhere", "DWS", 1, "w2"))
    page, every = uow.connections.page, ConnectionFilter()
    assert names(page("w1", every)) == ["A", "b_dws", "数仓"]
    assert names(page("w1", every, sort="-name")) == ["数仓", "b_dws", "A"]
    assert names(page("w1", every, sort="type")) == ["b_dws", "数仓", "A"]
    assert names(page("w1", every, sort="-updated_at")) == ["b_dws", "A", "数仓"]
    assert names(page("w1", ConnectionFilter(type="DWS"))) == ["b_dws", "数仓"]
    assert names(page("w1", ConnectionFilter(name="DW"))) == ["b_dws"]
    assert page("w1", ConnectionFilter(name="\x00")) == (0, [])
    assert page("w1", ConnectionFilter(type="\x00")) == (0, [])
    total, found = page("w1", every, offset=1, limit=1)
    assert (total, [one.name for one in found]) == (3, ["b_dws"])
    assert page("w1", every, offset=3, limit=1) == (3, [])


def test_inventory_and_variables(uow):
    things = [(NeedKind.QUEUE, "b"), (NeedKind.CLUSTER, "c"), (NeedKind.QUEUE, "a"), (NeedKind.AGENT, "b")]
    uow.inventory.save(
        [InventoryItem(workspace_id="w1", kind=kind, name=name, local_id="") for kind, name in things]
    )
    page, every = uow.inventory.page, InventoryFilter()
    assert [(one.kind, one.name) for one in page("w1", every)[1]] == sorted(things)
    assert names(page("w1", every, sort="name")) == ["a", "b", "b", "c"]
    assert names(page("w1", InventoryFilter(kind=NeedKind.QUEUE), sort="-kind")) == ["b", "a"]
    assert names(page("w1", InventoryFilter(name="B"))) == ["b", "b"]

    def variable(name: str, type_: VariableType) -> Variable:
        return Variable(workspace_id="w1", name=name, type=type_, value=b"v", description="")

    uow.variables.save([variable("zone", VariableType.VARIABLE), variable("bucket", VariableType.CONSTANT)])
    page = uow.variables.page
    assert names(page("w1", VariableFilter())) == ["bucket", "zone"]
    assert names(page("w1", VariableFilter(), sort="-type")) == ["zone", "bucket"]
    assert names(page("w1", VariableFilter(type=VariableType.CONSTANT))) == ["bucket"]
    assert names(page("w1", VariableFilter(name="ON"))) == ["zone"]


def test_users_their_tokens_and_keys(uow):
    people = uow.people
    people.add_user(User(id="u1", name="bert", created_at=1, operations=True))
    people.add_user(User(id="u2", name="anne", created_at=2, disabled=True))
    assert names(people.page()) == ["anne", "bert"]
    assert names(people.page(sort="created_at")) == ["bert", "anne"]
    assert names(people.page(UserFilter(operations=True))) == ["bert"]
    assert names(people.page(UserFilter(disabled=False))) == ["bert"]
    assert names(people.page(UserFilter(name="NN"))) == ["anne"]
    for name, end in (("ci", 9), ("laptop", 5)):
        people.add_token(Token(id=name, user_id="u1", name=name, hash=name, expires_at=end))
    assert names(people.tokens("u1", sort="expires_at")) == ["laptop", "ci"]
    assert names(people.tokens("u1", "C")) == ["ci"]
    for key, used in (("AK", 2), ("BK", 1)):
        people.add_access_key(
            AccessKey(access_key=key, sealed_secret=b"s", user_id="u1", used_at=used, disabled=key == "BK")
        )
    assert [one.access_key for one in people.access_keys("u1", sort="used_at")[1]] == ["BK", "AK"]
    assert [one.access_key for one in people.access_keys("u1", disabled=True)[1]] == ["BK"]


def test_members_and_policies(uow):
    for number, roles in enumerate(({Role.OWNER, Role.DEVELOPER}, {Role.DEVELOPER}, {Role.VIEWER})):
        name = f"user{number}"
        uow.people.add_user(User(id=name, name=name))
        member = Member(workspace_id="w1", user_id=name, user_name=name, roles=frozenset(roles))
        uow.members.save(member)

    def users(wanted: MemberFilter, **page: Any) -> list[str]:
        return [one.user_name for one in uow.members.page("w1", wanted, **page)[1]]

    assert users(MemberFilter(), sort="-name", limit=2) == ["user2", "user1"]
    assert users(MemberFilter(role=Role.DEVELOPER)) == ["user0", "user1"]
    assert users(MemberFilter(name="R2")) == ["user2"]
    policy = DirectoryPolicy(workspace_id="w1", name="dw", directories=("/dw",), users=("user1",))
    uow.members.save_policy(policy)
    uow.members.save_policy(
        DirectoryPolicy(workspace_id="w1", name="ods", directories=("/",), roles=(Role.VIEWER,))
    )
    page = uow.members.policy_page
    assert names(page("w1", PolicyFilter())) == ["dw", "ods"]
    assert names(page("w1", PolicyFilter(user="user1"))) == ["dw"]
    assert names(page("w1", PolicyFilter(user="user"))) == []
    assert names(page("w1", PolicyFilter(role=Role.VIEWER))) == ["ods"]
    assert names(page("w1", PolicyFilter(name="D"))) == ["dw", "ods"]


def test_notices(uow):
    uow.people.add_user(User(id="u1", name="bert"))
    for number, code in enumerate((NoticeCode.IMPORT_FAILED, NoticeCode.LOCKS_TAKEN)):
        kind = AboutKind.LOCKS if number else AboutKind.RECEIPT
        about = About(workspace_id="w1", kind=kind, name="包")
        uow.notices.add(
            Notice(id=f"n{number}", user_id="u1", code=code, at=number, about=about, read_at=number)
        )

    def ids(**wanted: Any) -> list[str]:
        return [one.id for one in uow.notices.page("u1", NoticeFilter(**wanted))[1]]

    assert ids() == ["n1", "n0"]
    assert [one.id for one in uow.notices.page("u1", sort="at")[1]] == ["n0", "n1"]
    assert ids(unread=True) == ids(code=NoticeCode.IMPORT_FAILED) == ids(about=AboutKind.RECEIPT) == ["n0"]
    assert ids(since=1) == ["n1"]
    assert ids(until=1) == ["n0"]


def review(id_: str, name: str, at: int, size: int) -> Review:
    return Review(
        id=id_,
        workspace_id="w1",
        kind=ReviewKind.REVIEW,
        name=name,
        size=size,
        asked_by="lin",
        asked_at=at,
        state=ReviewState.PENDING,
    )


def item(object_id: int, name: str, ask: Ask = Ask.SUBMIT, kind: ObjectKind = ObjectKind.JOB) -> ReviewItem:
    return ReviewItem(
        object_id=object_id,
        workspace_id="w1",
        kind=kind,
        name=name,
        ask=ask,
        version=1,
        digest="d",
        asked_by="lin",
        asked_at=object_id,
    )


def test_reviews_and_their_items(uow):
    items = [item(1, "b"), item(2, "a", Ask.DELETE), item(3, "c", kind=ObjectKind.SCRIPT)]
    uow.reviews.add(review("r1", "orders", 5, 3), items)
    uow.reviews.add(review("r2", "items", 7, 1), [item(4, "d")])

    def found(sort: str = "-asked_at", **wanted: Any) -> list[str]:
        asked = ReviewFilter(workspace_id="w1", kind=ReviewKind.REVIEW, **wanted)
        return [one.id for one in uow.reviews.page(asked, sort=sort)[1]]

    assert found() == found("name") == found("size") == ["r2", "r1"]
    assert found("-name") == ["r1", "r2"]
    assert found(name="ORD") == found(until=7) == ["r1"]
    assert found(since=7) == ["r2"]
    page, every = uow.reviews.item_page, ReviewItemFilter()
    assert names(page("r1", every)) == ["b", "a", "c"]
    assert names(page("r1", every, sort="name")) == ["a", "b", "c"]
    assert names(page("r1", ReviewItemFilter(kind=ObjectKind.SCRIPT))) == ["c"]
    assert names(page("r1", ReviewItemFilter(ask=Ask.DELETE))) == names(
        page("r1", ReviewItemFilter(name="A"))
    )
    uow.reviews.add_pending_items([item(8, "x"), item(9, "w", kind=ObjectKind.SCRIPT)])
    page = uow.reviews.pending_items
    assert names(page("w1", every)) == ["x", "w"]
    assert names(page("w1", every, sort="-asked_at")) == names(page("w1", every, sort="name")) == ["w", "x"]
    assert names(page("w1", ReviewItemFilter(kind=ObjectKind.JOB))) == ["x"]


def test_downloads(uow):
    given: list[tuple[str, int, dict[str, Any]]] = [
        ("a", 1, {"file_name": "订单.zip", "operator": "lin", "place": "obs://b/out/1.zip", "size": 5}),
        ("b", 2, {"file_name": "Orders.zip", "operator": "ann", "size": 5}),
        ("c", 3, {"file_name": "items.zip", "operator": "ann", "size": 1}),
    ]
    for id_, at, facts in given:
        uow.downloads.add(
            Download(id=id_, workspace_id="w1", kind=DownloadKind.SELECTION, started_at=at, **facts)
        )

    def ids(sort: str = "-started_at", **wanted: Any) -> list[str]:
        return [
            one.id for one in uow.downloads.page(DownloadFilter(workspace_id="w1", **wanted), sort=sort)[1]
        ]

    assert ids("started_at") == ["a", "b", "c"]
    assert ids("file_name") == ["b", "c", "a"]
    assert ids("operator") == ["b", "c", "a"]
    assert ids("-size") == ["b", "a", "c"]
    assert ids(file_name="ORDER") == ["b"]
    assert ids(path="out/") == ["a"]
    assert ids(since=2, until=3) == ["b"]


def test_routes(uow):
    for platform, name, at in (("p1", "test", 3), ("p2", "acceptance", 2), ("p1", "", 1)):
        uow.routes.save(
            Route(
                workspace_id="w1",
                source_platform=platform,
                source_workspace=f"ws{at}",
                platform_name=name,
                options=ImportOptions(),
                saved_by="lin",
                saved_at=at,
            )
        )

    def times(piece: str = "", **page: Any) -> list[int]:
        return [one.saved_at for one in uow.routes.page("w1", piece, **page)[1]]

    assert times() == [1, 3, 2]
    assert times(sort="name") == [1, 2, 3]
    assert times(sort="-saved_at") == [3, 2, 1]
    assert times("ACC") == times("p2") == times("s2") == [2]
    assert times("\x00") == []
