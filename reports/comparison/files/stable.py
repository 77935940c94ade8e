"""The same bytes for the same slides: what a library stamps with the time of day is stamped with a given one."""

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import Final

_STAMPED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def same(data: bytes, noon: dt.datetime) -> bytes:
    """Return a package of Office with every date in it set to `noon`, those of the workbooks inside it too."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in package.namelist():
            info = zipfile.ZipInfo(name, noon.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, _part(name, package.read(name), noon))
    return made.getvalue()


def _part(name: str, data: bytes, noon: dt.datetime) -> bytes:
    if name.endswith(".xlsx"):
        return same(data, noon)
    if name == "docProps/core.xml":
        return _STAMPED.sub(rb"\g<1>" + f"{noon.isoformat()}Z".encode() + rb"\2", data)
    return data
