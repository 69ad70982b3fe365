"""What pods do: form, call, answer, turn."""
