"""Whether the tests would tell: faults put into the code at random, one by one (``make mutants``)."""
