"""What commands that import share: the calls behind them, and plan files."""
