"""What notices do: queue, carry, and withdraw messages."""
