"""Lambda: the state of every source; one message per incident, one on recovery."""
