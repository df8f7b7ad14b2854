"""The calls about what a workspace has besides its objects."""
