"""From one database to another, with everything."""
