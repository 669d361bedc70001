"""The cubes and the metrics, a module a subject: each declares ``CUBES`` and ``METRICS``."""
