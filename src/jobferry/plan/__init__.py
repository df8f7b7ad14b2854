"""Plans: built purely from an import's context and its findings, applied over a unit of work that is handed
in."""
