"""The commit protocol under every failure that a seed can name; see ``python -m tests.simulation --help``."""
