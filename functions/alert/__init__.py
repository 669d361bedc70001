"""Alert rules, evaluated on buckets that are complete."""
