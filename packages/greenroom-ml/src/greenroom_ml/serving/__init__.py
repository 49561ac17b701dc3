"""What a request has to pass."""
