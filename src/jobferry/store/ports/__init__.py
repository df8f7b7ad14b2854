"""What the rooms above may ask of the database. Only ``bootstrap`` knows what stands behind it.

Two ways in: :meth:`Store.read` is one consistent look, :meth:`Store.write` one transaction that is
forgotten unless :meth:`UnitOfWork.commit` was called. Methods that take or give many rows do so in bulk:
nothing here is meant to be called once per object of a large package.
"""

from __future__ import annotations

from jobferry.store.ports.changes import (
    ChangeChanges,
    Changes,
)
from jobferry.store.ports.contents import (
    ContentChanges,
    Contents,
    Text,
)
from jobferry.store.ports.downloads import (
    DownloadChanges,
    Downloads,
)
from jobferry.store.ports.objects import (
    ObjectChanges,
    ObjectFilter,
    Objects,
    Places,
)
from jobferry.store.ports.outgoing import (
    Outgoing,
    OutgoingObjects,
    Outlined,
)
from jobferry.store.ports.people import (
    Audit,
    AuditChanges,
    MemberChanges,
    Members,
    NoticeChanges,
    Notices,
    People,
    PeopleChanges,
)
from jobferry.store.ports.reviews import (
    ReviewChanges,
    Reviews,
)
from jobferry.store.ports.store import (
    Snapshot,
    Store,
    UnitOfWork,
)
from jobferry.store.ports.tags import (
    TagChanges,
    Tags,
)
from jobferry.store.ports.tasks import (
    TaskLog,
)
from jobferry.store.ports.workspaces import (
    ImportRecordChanges,
    ImportRecords,
    ReceiptChanges,
    Receipts,
    RouteChanges,
    Routes,
    SlotChanges,
    Slots,
    SurroundingChanges,
    Surroundings,
    WorkspaceChanges,
    Workspaces,
)

__all__ = [
    "Audit",
    "AuditChanges",
    "ChangeChanges",
    "Changes",
    "ContentChanges",
    "Contents",
    "DownloadChanges",
    "Downloads",
    "ImportRecordChanges",
    "ImportRecords",
    "MemberChanges",
    "Members",
    "NoticeChanges",
    "Notices",
    "ObjectChanges",
    "ObjectFilter",
    "Objects",
    "Outgoing",
    "OutgoingObjects",
    "Outlined",
    "People",
    "PeopleChanges",
    "Places",
    "ReceiptChanges",
    "Receipts",
    "ReviewChanges",
    "Reviews",
    "RouteChanges",
    "Routes",
    "SlotChanges",
    "Slots",
    "Snapshot",
    "Store",
    "SurroundingChanges",
    "Surroundings",
    "TagChanges",
    "Tags",
    "TaskLog",
    "Text",
    "UnitOfWork",
    "WorkspaceChanges",
    "Workspaces",
]
