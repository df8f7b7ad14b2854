"""How places in object storage are written: ``obs://bucket/key``, and for packages ``s3://bucket/folder``."""

from __future__ import annotations

import re
from typing import NamedTuple

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.files.ports import SCHEME, ObjectPath
from jobferry.sentences import as_sentence, sentence

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,62}\Z")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
_KEY_BYTES = 1024
_SERVICE = "s3://"
_FOLDER = re.compile(r"[A-Za-z0-9._\-]+(/[A-Za-z0-9._\-]+)*\Z")


def parse_object_path(text: str) -> ObjectPath:
    """The bucket and key of ``obs://bucket/key``.

    Raises:
        InvalidRequest: ``invalid-object-path``: it is not written so, or has parts like ``..``.
    """
    path = _split(text)
    refuse_invalid(path)
    return path


def parse_folder_path(text: str) -> ObjectPath:
    """The bucket and folder of ``obs://bucket/folder/``; the key is empty for the bucket itself.

    Raises:
        InvalidRequest: ``invalid-object-path``.
    """
    path = _split(text)
    folder = ObjectPath(path.bucket, path.key.removesuffix("/"))
    if reason := _fault(folder if folder.key else ObjectPath(path.bucket, "any")):
        raise invalid(text, reason, "obs://bucket/folder")
    return folder


def object_below(folder: str, name: str) -> ObjectPath:
    """The object that is called ``name`` below ``obs://bucket/folder``, or below the bucket alone.

    Raises:
        InvalidRequest: ``invalid-object-path``: the folder is none; it is named as it was given.
    """
    place = _split(folder)
    inside = place.key.rstrip("/")
    path = ObjectPath(place.bucket, f"{inside}/{name}" if inside else name)
    if reason := _fault(path):
        raise invalid(folder, reason, "obs://bucket/folder")
    return path


def is_bucket_name(name: str) -> bool:
    """Whether a bucket can be called so."""
    return _BUCKET.match(name) is not None and ".." not in name


def refuse_invalid(path: ObjectPath) -> None:
    """Raises: InvalidRequest: the bucket's name or the key is not acceptable."""
    if reason := _fault(path):
        raise invalid(str(path), reason)


def _split(text: str) -> ObjectPath:
    if not text.startswith(SCHEME):
        raise invalid(text, sentence("does not begin with {scheme}", scheme=SCHEME))
    bucket, _, key = text.removeprefix(SCHEME).partition("/")
    return ObjectPath(bucket, key)


def _fault(path: ObjectPath) -> str:
    """What is wrong with a bucket's name or a key, if anything is."""
    key = path.key
    if not is_bucket_name(path.bucket):
        return sentence("has no valid bucket name ({bucket})", bucket=repr(path.bucket))
    if not key:
        return sentence("names no object in the bucket")
    if _UNFIT.search(key) or any(part in ("", ".", "..") for part in key.split("/")):
        return sentence("has an empty part, a part of dots, a backslash or a control character")
    if len(key.encode(errors="surrogatepass")) > _KEY_BYTES:
        return sentence("has a key of more than {limit:,} bytes", limit=_KEY_BYTES)
    return ""


class S3Place(NamedTuple):
    """``s3://bucket/folder``; the folder is empty for the bucket itself."""

    bucket: str
    folder: str

    def __str__(self) -> str:
        return f"{_SERVICE}{self.bucket}{'/' if self.folder else ''}{self.folder}"

    def below(self, name: str) -> S3Place:
        """A folder in this one."""
        return S3Place(self.bucket, f"{self.folder}/{name}" if self.folder else name)


def s3_place(text: str) -> S3Place | None:
    """The place that is written so; none where it is no such place."""
    bucket, _, rest = text.removeprefix(_SERVICE).partition("/")
    folder = rest.rstrip("/")
    dots = any(part in (".", "..") for part in folder.split("/"))
    if not text.startswith(_SERVICE) or not is_bucket_name(bucket) or dots:
        return None
    return S3Place(bucket, folder) if not folder or _FOLDER.match(folder) else None


def invalid(text: str, reason: str, example: str = "obs://bucket/folder/package.zip") -> InvalidRequest:
    """The error for a text that names no object."""
    return InvalidRequest(
        ErrorCode.INVALID_OBJECT_PATH,
        sentence("{text} {reason}", text=repr(text), reason=as_sentence(reason)),
        subject=text,
        hint=sentence("write it like {example}", example=example),
    )
