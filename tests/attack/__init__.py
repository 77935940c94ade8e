"""Attacks of an insider, each also run against a build that was broken on purpose."""
