"""Connections, inventory and environment variables: kept, exported and imported."""
