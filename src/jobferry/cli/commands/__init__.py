"""The commands, by what they are about. Each imports what is heavy only when it runs."""
