"""Calls of another system's webhook."""
