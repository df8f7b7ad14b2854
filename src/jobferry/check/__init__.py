"""Rules: pure functions from an import's context to findings, and the runner that asks them all."""
