"""Migrations: how the tables came to be, one file per step, never changed once released."""
