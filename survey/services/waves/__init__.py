"""When it is asked: a wave from its plan to its close, and what is frozen and promised on the way."""
