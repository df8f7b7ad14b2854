"""The rules, by what they look at.

A rule takes the passage and yields findings; its docstring is its summary.
"""
