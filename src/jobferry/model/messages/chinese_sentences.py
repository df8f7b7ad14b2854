"""Chinese: what errors and hints say, by their English templates."""

SENTENCES: dict[str, str] = {}
