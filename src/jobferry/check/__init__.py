"""Rules: pure functions from a passage to findings, and the runner that asks them all."""
