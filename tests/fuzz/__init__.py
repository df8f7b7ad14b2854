"""Coverage-guided fuzzing of what reads bytes that anybody may have made; ``make fuzz``."""
