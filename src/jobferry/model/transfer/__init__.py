"""The nouns of a passage from a package to a workspace."""
