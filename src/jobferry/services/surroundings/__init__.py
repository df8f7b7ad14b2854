"""Packages of connections or environment variables: exported, judged and imported."""
