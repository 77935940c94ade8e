"""Practices: who has taken up what, with whom; a company's own; reminding; how far they reach across."""
