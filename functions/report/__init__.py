"""Named reports: found when they are due, made from their queue, and told of."""
