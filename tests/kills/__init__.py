"""``kill -9`` of the sender, for real: a process, a local AWS, and receivers that count."""
