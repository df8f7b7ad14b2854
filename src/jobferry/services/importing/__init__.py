"""Importing: open a package, look at the target, plan, apply, report; one at a time per workspace."""
