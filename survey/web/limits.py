"""How often one address may try to sign in; the back-off of an account, which the database keeps, stops guessing."""

from typing import Final

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

TRIES: Final = "20 per minute"
VISITS: Final = "120 per minute"
"""Of what guesses nothing, but has us ask the company's provider: an office may share one address."""

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")
