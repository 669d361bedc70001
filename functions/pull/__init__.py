"""Lambda: the settled windows of one pull stream."""
