"""Lambda: one message per due stream, every minute."""
