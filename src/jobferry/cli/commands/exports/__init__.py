"""Commands about what leaves a workspace."""
