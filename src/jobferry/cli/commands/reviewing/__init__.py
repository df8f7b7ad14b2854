"""Commands about reviews and releases."""
