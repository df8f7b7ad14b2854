"""Editing together: who holds which lock."""
