"""The Factory API (v1), as its documentation and the official SDK know it."""
