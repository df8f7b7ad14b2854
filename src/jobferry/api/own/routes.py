"""All calls of the own API: the modules that have them, and the words by which they are found."""

from __future__ import annotations

from jobferry.api.families import family

_SURROUNDINGS = (
    family("own.surroundings.kept", "connections", "inventory", "variables"),
    family("own.surroundings.moving", "connections", "variables"),
)
_EDITING = (
    family("own.editing.locks", "locks"),
    family("own.editing.tags", "jobs", "tags", "tag-locks"),
    family("own.editing.tag_files", "tag-file", "stored-tag-file"),
    family("own.editing.versions", "versions", "differences", "rollbacks", "submits"),
    family("own.editing.changes", "changes"),
    family("own.reviewing.reviews", "reviews"),
    family("own.reviewing.releases", "releases", "pending-items"),
)
_PEOPLE = (
    family("own.people.sessions", "session", "sessions", "me"),
    family("own.people.users", "users"),
    family("own.people.credentials", "users"),
    family("own.people.members", "members", "owner", "directory-policies"),
    family("own.people.audit", "audit"),
    family("own.people.notices", "notices"),
)
FAMILIES = (*_SURROUNDINGS, *_EDITING, *_PEOPLE)
