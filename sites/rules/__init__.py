"""What may happen in the neighbourhood, and how lists of people are read: pure Python, no Django, no clock."""
