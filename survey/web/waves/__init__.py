"""A wave, from its plan to its close."""
