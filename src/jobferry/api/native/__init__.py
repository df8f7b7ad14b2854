"""The platform's own API, for its command line and its console."""
