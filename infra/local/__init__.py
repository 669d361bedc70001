"""The local cloud: processes on loopback, with the same template deployed to them as to AWS."""
