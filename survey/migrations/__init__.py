"""How the tables came about, revision by revision (Alembic)."""
