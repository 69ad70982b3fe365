"""What may happen in pods and calls: pure Python, no Django, time is an argument."""
