"""Users, their credentials and sessions, members of workspaces, the audit, and notices."""
