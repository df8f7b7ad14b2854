"""Reviews and releases: who submits or deletes asks, somebody else decides, and only then it happens."""
