"""Lambda: the inbox of one arriving stream becomes commits."""
