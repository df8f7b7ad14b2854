"""Bytes to contents and back: layouts, manifest, reader, writer, limits."""
