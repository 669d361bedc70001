"""Attacks on the two doors that SQL comes in by: the local Athena, and ``POST /v1/sql``.

``hostile/*.toml`` has the statements, a file a kind of attack; ``sizes.py`` those that are too large to write down;
``generate.py`` makes any number of further ones out of them and of the legitimate queries in ``legitimate/*.sql``.
What got through is told by its effect (``canaries.py``), in a process of its own (``children.py``).
"""
