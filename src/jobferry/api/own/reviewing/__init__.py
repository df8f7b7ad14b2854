"""Reviews and releases in the own API."""
