"""Settings, addresses, the queue, and the embedded PostgreSQL and Redis."""
