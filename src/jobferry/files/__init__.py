"""Bytes outside the database: object storage and the packages in hand."""
