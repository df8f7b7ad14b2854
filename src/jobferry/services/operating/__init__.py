"""What operations has in hand: settings of the whole platform, and what is kept how long."""
