"""Backups: a whole platform in one file, taken while it runs, verified, and restored elsewhere.

A backup is a zip: each table as rows of MessagePack, the files of the data folder, and at last
``backup.json``, which tells what all of it has to be. It belongs to no database: what was SQLite can be
restored into PostgreSQL.
"""
