"""`make pictures`: every page of the demo, as each role, phone and desktop, day and night."""
