"""What the pages of gatherings need to know: read only."""
