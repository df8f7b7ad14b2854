"""Packages of connections or environment variables."""
