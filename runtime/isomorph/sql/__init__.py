"""Statements and expressions: what is asked, free of any database, connection and model."""
