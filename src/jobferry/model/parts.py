"""Parts of a platform that are written apart from each other: its workspaces, by their ids, and these.

Who writes one part only waits for others who write that part, and for those who write the whole platform.
"""

from __future__ import annotations

AUDIT = "audit"
"""The end of the audit's chain. Whoever writes another part takes this one last, when all else is written."""
SESSIONS = "sessions"
"""Sessions, last uses of what people sign in with, and wrong passwords."""
NOTICES = "notices"
"""What somebody has read of their notices."""
BACKUPS = "backups"
"""Backups that the platform takes of itself."""
DELIVERIES = "deliveries"
"""What became of calls of the webhook."""
