"""A local Amazon Athena: its JSON protocol over Glue's tables and S3's objects, run by DuckDB. See README.md."""
