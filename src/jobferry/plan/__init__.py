"""Plans: built purely from a passage and its findings, applied over a unit of work that is handed in."""
