"""What a document's text says: reading it tolerantly, judging it, changing it in place."""
