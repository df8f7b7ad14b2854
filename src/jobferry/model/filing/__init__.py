"""Files that resources name: how they are called in a package, and where they land."""
