"""Background work: one port, two runners. *Inline* runs in this process only, *durable* outlives it."""
