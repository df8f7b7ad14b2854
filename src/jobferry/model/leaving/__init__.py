"""What leaves in packages."""
