"""Long runs against the deployed system, while parts of it are killed: ``python -m tests.soak beacons``."""
