"""How the tables of the standalone application came to be, revision by revision."""
