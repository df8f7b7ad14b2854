"""Nouns: frozen values and pure functions over them. No I/O, no clock, no randomness."""
