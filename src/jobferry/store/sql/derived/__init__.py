"""What is derived from objects and texts, so that looking for a few of many objects costs little.

Tables are changed in the transaction that changes what they are derived from.
"""
