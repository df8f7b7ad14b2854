"""The task log's tables."""
