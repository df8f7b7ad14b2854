"""Queries about people: who can sign in, where they belong, what they did, what they are told."""
