"""The calls of the second version that are served here."""
