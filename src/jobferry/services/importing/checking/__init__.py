"""What a check leaves for those who look at it later: its result, and differences field by field."""
