"""Answers of any size, made into files."""
