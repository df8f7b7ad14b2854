"""Calls about what leaves a workspace."""
