"""Signing in: password, second step, passkey, the company's own sign-in, letters that let somebody in."""
