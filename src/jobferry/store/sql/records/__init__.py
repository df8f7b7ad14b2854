"""Records of what was done: kept for a time, searched and listed."""
