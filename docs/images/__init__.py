"""Pictures of every page, and how they are made."""
