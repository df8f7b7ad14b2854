"""What those who edit together share: tags."""
