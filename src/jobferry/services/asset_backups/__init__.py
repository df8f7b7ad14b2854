"""Asset backups of a workspace in object storage: taken, taken when they are due, and restored from."""
