"""One wave at a glance: units by motives, each cell a number and a shade beside the whole company."""
