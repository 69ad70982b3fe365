"""Commands of the neighbourhood."""
