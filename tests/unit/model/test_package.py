"""The package digest is made as the page on packages says: stored receipts and plans go by it."""

from __future__ import annotations

from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Deletion, Entry, package_digest

ORDERS = Entry(kind=ObjectKind.JOB, name="orders", path="jobs/orders.job", sha256="a" * 64, uid="u1")
CLEAN = Entry(kind=ObjectKind.SCRIPT, name="clean", path="scripts/clean.script", sha256="b" * 64)
GONE = Deletion(kind=ObjectKind.JOB, name="gone", uid="u9")
BY_HAND = "d5fb918cede2db9a10d005b6239e3dffb7944ca1e1b7311cd9e805a0c13ac537"
r"""printf '%s\n' $'-job\tgone\tu9' $'job\torders\tu1\taaa…' $'script\tclean\t\tbbb…' | sha256sum"""


def test_the_digest_is_the_one_that_is_made_by_hand() -> None:
    assert package_digest([ORDERS, CLEAN], [GONE]) == BY_HAND


def test_neither_order_nor_what_is_there_twice_counts() -> None:
    assert package_digest([CLEAN, ORDERS, CLEAN], [GONE, GONE]) == BY_HAND
