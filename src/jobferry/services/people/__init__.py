"""Users, what they sign in with, and where they belong."""
