"""Comparing: what differs between two packages, or between a workspace and a package."""
