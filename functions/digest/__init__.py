"""Digests, each in the morning of its subscriber."""
