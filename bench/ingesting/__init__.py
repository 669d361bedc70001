"""The sides of ``bench/ingest.py``: one server of records, and those who pull them, each in a process of its own."""
