"""A plan as it is shown, and what it is bound to."""
