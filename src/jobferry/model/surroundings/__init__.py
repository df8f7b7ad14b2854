"""What a workspace has besides its objects, as values: connections and environment variables that travel."""
