"""The command line: commands call functions of the native API; some are about package files alone."""
