"""The ground that every room of the house stands on."""
