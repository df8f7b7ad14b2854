"""Saved routes: one for each source of a workspace, with its options as they were said."""

from __future__ import annotations

from typing import Any

import msgspec

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.checked_import import Route
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, ImportOptions, ObjectRule

OPTIONS = ImportOptions(
    mapping=Mapping({NeedKind.CONNECTION: {"测试": "生产"}}, directories={"/a": "/b"}),
    rules=(ObjectRule(kind=ObjectKind.JOB, tag="x", duplicates=Duplicates.FAIL),),
    params={"day": "1"},
)


def route(platform: str = "p", workspace: str = "default", **more) -> Route:
    values: dict[str, Any] = {
        "workspace_id": "w1",
        "platform_name": "测试",
        "options": OPTIONS,
        "saved_by": "lin",
        "saved_at": 1,
    }
    return Route(source_platform=platform, source_workspace=workspace, **(values | more))


def test_routes_are_kept_by_source_and_replaced(store):
    newer = route(saved_by="wu", saved_at=2, options=ImportOptions(time_zone="UTC"))
    with store.write() as uow:
        for one in (route("q"), route(), route(workspace_id="w2"), route(workspace="dw"), newer):
            uow.routes.save(one)
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.routes.page("w1") == (3, [newer, route(workspace="dw"), route("q")])
        assert snapshot.routes.one("w2", "p", "default") == route(workspace_id="w2")
        assert snapshot.routes.one("w1", "p", "\x00") is None
        assert newer.name == "测试/default"
        assert msgspec.structs.replace(newer, platform_name="").name == "p/default"


def test_a_route_is_forgotten_once(store):
    with store.write() as uow:
        uow.routes.save(route())
        assert not uow.routes.remove("w2", "p", "default")
        assert uow.routes.remove("w1", "p", "default")
        assert not uow.routes.remove("w1", "p", "default")
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.routes.page("w1") == (0, [])


def test_a_name_that_no_database_holds_has_no_route(store):
    with store.write() as uow:
        uow.routes.save(route())
        assert not uow.routes.remove("w1", "p\0", "default")
        assert uow.routes.remove("w1", "p", "default")
