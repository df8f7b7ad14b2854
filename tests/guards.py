"""A PostgreSQL database that refuses what a writer's turn does not cover.

Each table says whose turn its rows need: that of the whole platform, of the workspace that a row belongs to,
of another part, or none, where everybody may add. Triggers look at the locks that the session holds.
"""

from __future__ import annotations

import psycopg

from jobferry.model.parts import AUDIT, BACKUPS, DELIVERIES, NOTICES, SESSIONS
from jobferry.store.store import LOCK_KEY

WORKSPACE = "workspace"
PLATFORM = "platform"
ANYBODY = "anybody"

_OWN = "row_.workspace_id"
_OF_OBJECT = "(SELECT o.workspace_id FROM objects o WHERE o.id = row_.object_id)"
_OF_RECEIPT = "(SELECT r.workspace_id FROM receipts r WHERE r.id = row_.receipt_id)"
_OF_IMPORT = "(SELECT i.workspace_id FROM imports i WHERE i.id = row_.import_id)"

PLACES = {
    **dict.fromkeys(
        (
            *("objects", "object_counts", "holds", "directories", "landings", "tags", "connections"),
            *("inventory", "variables", "receipts", "imports", "import_slots", "changes", "change_starts"),
            *("export_points", "reviews", "review_items", "downloads", "routes", "asset_backups"),
            "asset_backup_days",
        ),
        _OWN,
    ),
    "versions": _OF_OBJECT,
    **dict.fromkeys(("receipt_items", "receipt_findings", "receipt_texts"), _OF_RECEIPT),
    "import_views": _OF_IMPORT,
}
"""Tables whose rows belong to a workspace, and how that is found. Rows of what is gone go with it."""

TURNS = {
    **dict.fromkeys(
        ("platform", "platform_settings", "workspaces", "members", "identities"), (PLATFORM,) * 3
    ),
    **dict.fromkeys(("directory_policies", "download_policies"), (PLATFORM,) * 3),
    **dict.fromkeys(("users", "tokens", "access_keys"), (PLATFORM, SESSIONS, PLATFORM)),
    **dict.fromkeys(("browser_sessions", "sign_in_attempts"), (SESSIONS, SESSIONS, SESSIONS)),
    **dict.fromkeys(("contents", "terms", "postings"), (ANYBODY, ANYBODY, PLATFORM)),
    **dict.fromkeys(("audit", "audit_ends"), (AUDIT, AUDIT, AUDIT)),
    "notices": (ANYBODY, NOTICES, NOTICES),
    "platform_backups": (BACKUPS,) * 3,
    "webhook_deliveries": (ANYBODY, DELIVERIES, DELIVERIES),
    "counters": (PLATFORM, ANYBODY, PLATFORM),
    **dict.fromkeys(PLACES, (WORKSPACE,) * 3),
}
"""Whose turn it takes to insert, update and delete rows, by table. That of the platform covers all."""

_HELD = f"""
CREATE FUNCTION holds_turn(part text) RETURNS boolean LANGUAGE sql AS $$
  SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND mode = 'ExclusiveLock' AND granted
      AND objsubid = 1 AND ((classid::bigint << 32) | objid::bigint)
        IN ({LOCK_KEY}, hashtextextended(part, {LOCK_KEY}))
  )
$$
"""
_REFUSE = """
CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row_ {table}; part text;
BEGIN
  IF TG_OP = 'DELETE' THEN row_ := OLD; ELSE row_ := NEW; END IF;
  part := CASE TG_OP WHEN 'INSERT' THEN {added} WHEN 'UPDATE' THEN {changed} ELSE {removed} END;
  IF part <> 'anybody' AND NOT holds_turn(part) THEN
    RAISE EXCEPTION '% in the table {table} needs the turn of %', TG_OP, part;
  END IF;
  RETURN row_;
END $$
"""
_TRIGGER = (
    "CREATE TRIGGER a_turn BEFORE INSERT OR UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_{table}()"
)


def guard(address: str) -> None:
    """Has a database with all tables refuse what a writer's turn does not cover."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_HELD.encode())
        for table, turns in TURNS.items():
            place = f"coalesce({PLACES.get(table, 'NULL')}, 'anybody')"
            parts = [place if turn == WORKSPACE else f"'{turn}'" for turn in turns]
            names = dict(zip(("added", "changed", "removed"), parts, strict=True))
            connection.execute(_REFUSE.format(table=table, **names).encode())
            connection.execute(_TRIGGER.format(table=table).encode())
