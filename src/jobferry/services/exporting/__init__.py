"""Exporting: one short read selects names and digests; texts follow in pages while the zip is written."""
