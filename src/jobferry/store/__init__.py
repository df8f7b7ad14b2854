"""The database: ports, tables and queries by family, migrations, read snapshot and unit of work."""
