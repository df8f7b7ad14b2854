"""The command-line door: a client of the platform's own API, plus commands about package files alone."""
