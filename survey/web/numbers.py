"""Numbers of rows in addresses."""

from werkzeug.routing import IntegerConverter


class RowNumber(IntegerConverter):
    """What `<int:...>` takes: nine digits, since a longer number is that of no row, and some databases fail on it."""

    regex = "[0-9]{1,9}"
