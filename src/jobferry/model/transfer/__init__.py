"""The nouns of an import from a package to a workspace."""
