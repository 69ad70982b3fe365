"""What the screens of pods need; read only."""
