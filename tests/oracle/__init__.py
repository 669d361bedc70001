"""The local Athena held against a real Trino, statement by statement: ``make oracle``."""
