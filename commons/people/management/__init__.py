"""What the keeper of a server can ask of people's tables."""
