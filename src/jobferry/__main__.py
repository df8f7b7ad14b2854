"""``python -m jobferry`` and the ``jobferry`` command."""
