"""When a page was opened: signed into the page, stored nowhere, so that whoever began in time may finish."""

import datetime as dt
from functools import lru_cache
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

SALT: Final = "page opened"


def write(secret: bytes, now: dt.datetime) -> str:
    """Return the signed minute for a hidden field."""
    return _signer(secret).dumps(f"{now:%Y-%m-%dT%H:%M}")


def read(secret: bytes, text: str) -> dt.datetime | None:
    """Return the minute a page was opened; None where the signature is not ours."""
    try:
        return dt.datetime.fromisoformat(_signer(secret).loads(text))
    except (BadSignature, ValueError, TypeError):
        return None


@lru_cache(maxsize=4)
def _signer(secret: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=SALT)
