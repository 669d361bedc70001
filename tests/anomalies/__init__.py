"""How well unusual values are found on labelled series: ``python -m tests.anomalies``."""
