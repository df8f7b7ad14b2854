"""Who is asking: request signatures, tokens, and the sealing of secrets at rest."""
