"""Commands about users, what they sign in with, where they belong, the audit, and notices."""
