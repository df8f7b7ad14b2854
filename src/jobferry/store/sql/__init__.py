"""SQL: tables, queries by family, migrations, on SQLite and PostgreSQL."""
