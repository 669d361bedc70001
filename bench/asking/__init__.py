"""What the benchmarks of questions share: a lake with raw rows and cubes, and the API over it."""
