"""What the screens of the neighbourhood need; read only."""
