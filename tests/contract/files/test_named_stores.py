"""Several object stores with keys of their own: a path's bucket says which is asked, and errors name it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

import s3
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.object_storage import object_storage, package_storage, stores_to_reach
from jobferry.bootstrap.object_stores import service_of
from jobferry.bootstrap.settings import ObjectStoreSettings, PlatformSettings
from jobferry.errors import ErrorCode, FilesError, NotFound
from jobferry.files.ports import ObjectPath, ObjectStorage

HOT, COLD = ObjectPath("hot", "a.zip"), ObjectPath("cold", "a.zip")


@pytest.fixture
def main() -> Iterator[s3.Service]:
    with s3.serving("hot", "cold", access_key="main-key") as service:
        yield service


@pytest.fixture
def archive() -> Iterator[s3.Service]:
    with s3.serving("cold", "colder", access_key="archive-key") as service:
        yield service


def chosen(main: s3.Service, archive: s3.Service, **said: Any) -> PlatformSettings:
    values: dict[str, Any] = {
        "objects": "s3",
        "objects_endpoint": main.endpoint,
        "objects_access_key": "main-key",
        "objects_secret_key": SecretStr("s"),
        "objects_patience": 2,
    }
    return PlatformSettings(**values | {"stores": {"archive": store(archive, **said)}})


def store(service: s3.Service, **said: Any) -> ObjectStoreSettings:
    values: dict[str, Any] = {
        "endpoint": service.endpoint,
        "access_key": "archive-key",
        "secret_key": SecretStr("SKMARK"),
        "buckets": "cold, colder",
    }
    return ObjectStoreSettings(**values | said)


def content(storage: ObjectStorage, path: ObjectPath) -> bytes:
    with storage.fetch(path, limit=100) as file:
        return file.read()


def test_the_bucket_says_which_store_is_asked_with_its_own_key(
    main: s3.Service, archive: s3.Service, tmp_path: Path
) -> None:
    storage = object_storage(Home(tmp_path), chosen(main, archive))
    for path in (HOT, COLD):
        storage.store(path, [str(path).encode()])
        assert (storage.has(path), content(storage, path)) == (True, str(path).encode())
        assert [one.name for one in storage.entries(ObjectPath(path.bucket, ""))] == ["a.zip"]
    assert main.objects == {"/hot/a.zip": b"obs://hot/a.zip"}
    assert archive.objects == {"/cold/a.zip": b"obs://cold/a.zip"}


def test_buckets_that_stores_are_said_to_have_are_listed(
    main: s3.Service, archive: s3.Service, tmp_path: Path
) -> None:
    def listed(settings: PlatformSettings) -> list[str]:
        return [one.name for one in object_storage(Home(tmp_path), settings).buckets() or []]

    with_main = chosen(main, archive).model_copy(update={"objects_buckets": "hot"})
    assert listed(with_main) == ["cold", "colder", "hot"]
    assert listed(chosen(main, archive)) == ["cold", "colder"]
    assert listed(with_main.model_copy(update={"stores": {}})) == ["hot"]
    (tmp_path / "objects/hot").mkdir(parents=True)
    (tmp_path / "objects/cold").mkdir()
    assert listed(PlatformSettings(stores={"archive": store(archive)})) == ["cold", "colder", "hot"]


def test_an_error_names_the_store_and_no_secret(
    main: s3.Service, archive: s3.Service, tmp_path: Path
) -> None:
    storage = object_storage(Home(tmp_path), chosen(main, archive))
    archive.faults = [s3.says(403, "AccessDenied")]
    with pytest.raises(FilesError, match=r"obs://cold/a.zip \(object store archive\): .*403") as denied:
        content(storage, COLD)
    assert "MARK" not in f"{denied.value.message} {denied.value.hint}"
    with pytest.raises(FilesError, match="object store archive"):
        storage.store(COLD, [b"x"])
    archive.faults = [s3.sends_more]
    with pytest.raises(FilesError, match="object store archive"):
        content(storage, COLD)
    archive.faults = []
    with pytest.raises(NotFound, match=r"\(object store archive\): there is no such object"):
        content(storage, COLD)
    main.faults = [s3.says(403, "AccessDenied")]
    with pytest.raises(FilesError, match=r"obs://hot/a.zip \(object store default\)"):
        content(storage, HOT)


def test_one_store_does_not_take_the_keys_of_another(
    main: s3.Service, archive: s3.Service, tmp_path: Path
) -> None:
    storage = object_storage(Home(tmp_path), chosen(main, archive, access_key="main-key"))
    with pytest.raises(FilesError, match="archive"):
        storage.store(COLD, [b"x"])
    assert archive.objects == {}


def test_whether_each_store_answers_is_asked_for_each(
    main: s3.Service, archive: s3.Service, tmp_path: Path
) -> None:
    asked = stores_to_reach(Home(tmp_path), chosen(main, archive))
    assert list(asked) == ["default", "archive"]
    for reach in asked.values():
        reach()
    archive.buckets.remove("colder")
    with pytest.raises(FilesError, match="the object store archive has no bucket colder") as gone:
        asked["archive"]()
    assert "stores.archive.buckets" in gone.value.hint
    archive.faults = [s3.says(403, "AccessDenied")]
    with pytest.raises(FilesError, match="archive"):
        asked["archive"]()
    asked["default"]()


def test_packages_lie_in_the_store_that_has_their_bucket(
    main: s3.Service, archive: s3.Service, tmp_path: Path
) -> None:
    settings = chosen(main, archive).model_copy(update={"packages": "s3://cold/site"})
    kept = package_storage(tmp_path / "packages", settings).receive("a.zip", [b"x"], owner="o", limit=9)
    assert f"/cold/site/packages/{kept.id}.zip" in archive.objects
    assert main.objects == {}


def test_the_secret_key_may_lie_in_a_file(main: s3.Service, archive: s3.Service, tmp_path: Path) -> None:
    file = tmp_path / "archive.secret"
    file.write_text("from-the-file\n")
    empty: dict[str, Any] = {"secret_key": SecretStr(""), "secret_key_file": str(file)}
    settings = chosen(main, archive, **empty)
    assert service_of(settings, "archive").bucket("cold").config["secret_access_key"] == "from-the-file"
    file.unlink()
    with pytest.raises(FilesError, match="the secret key of the object store archive cannot be read") as gone:
        object_storage(Home(tmp_path), settings)
    assert (gone.value.code, str(file) in gone.value.message) == (ErrorCode.FILES_FAILED, True)
