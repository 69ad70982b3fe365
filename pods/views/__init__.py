"""The pages of pods and calls: gate, form, action, response."""
