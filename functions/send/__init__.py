"""What is in the outbox, sent."""
