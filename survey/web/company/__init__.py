"""The company: its first run, its settings, how its letters leave."""
