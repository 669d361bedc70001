"""Lambda: the cubes that a stream feeds, brought up to date."""
