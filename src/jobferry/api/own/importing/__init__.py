"""Checked imports and what they answer with."""
