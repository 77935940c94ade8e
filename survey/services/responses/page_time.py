"""When a page was opened: signed into the page, stored nowhere, so that whoever began in time may finish."""

import datetime as dt
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

SALT: Final = "page opened"


def write(secret: bytes, now: dt.datetime) -> str:
    """Return the signed minute for a hidden field."""
    return URLSafeSerializer(secret, salt=SALT).dumps(f"{now:%Y-%m-%dT%H:%M}")


def read(secret: bytes, text: str) -> dt.datetime | None:
    """Return the minute a page was opened; None where the signature is not ours."""
    try:
        return dt.datetime.fromisoformat(URLSafeSerializer(secret, salt=SALT).loads(text))
    except (BadSignature, ValueError, TypeError):
        return None
