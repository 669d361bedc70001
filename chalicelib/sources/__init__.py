"""Outside systems: what to ask of them and how to read their answers. Pure: no I/O library is reachable from here."""
