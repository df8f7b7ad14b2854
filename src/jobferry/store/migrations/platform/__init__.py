"""The platform's tables."""
