"""Measures Jobferry against the floor: the same durable work on the same bytes, in the same run."""
