"""What people are told of an import besides its findings: why it did not pass, and what is left to do."""
