"""What people read: plans, findings, receipts and lists as lines, the same in a terminal and in a file."""
