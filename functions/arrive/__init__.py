"""Lambda: what appears in the log bucket is named in the inbox."""
