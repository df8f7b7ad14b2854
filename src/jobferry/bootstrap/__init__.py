"""Puts a platform together: settings, the data folder, and the only place that names concrete adapters."""
