"""Mappings beside the import itself: what they must not say, what could stand for what, saved routes."""
