"""The rules, by what they look at.

A rule takes the context and yields findings; its docstring is its summary.
"""
