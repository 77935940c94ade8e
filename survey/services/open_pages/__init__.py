"""Open pages: what was heard in a unit and what is done about it, for everybody who has the address."""
