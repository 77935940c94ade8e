"""Who works where: the roster of today, and who moved since."""
