"""Waves that nobody here can read while they are open."""
