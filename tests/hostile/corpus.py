"""What somebody types who means harm, or whose keyboard, tongue or clipboard is unlike ours: one corpus for all tests.

Whatever would run, load or lead somewhere if it were let through bears the name CANARY, so that a test can look for it.
"""

import re
import string
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

CANARY: Final = "canary"
"""The element, attribute, host or file that must never come to life."""
LONG: Final = 100_000


@dataclass(frozen=True)
class Text:
    """A text, and the kind of harm that it tries."""

    kind: str
    text: str

    @property
    def sendable(self) -> bool:
        """Tell whether it can stand in a database: no NUL, and no half of a character."""
        return "\0" not in self.text and not any(unicodedata.category(mark) == "Cs" for mark in self.text)

    @property
    def short(self) -> bool:
        """Tell whether it fits where a name stands."""
        return len(self.text) <= 150


def _of(kind: str, *texts: str) -> tuple[Text, ...]:
    return tuple(Text(kind, text) for text in texts)


CORPUS: Final = (
    *_of(
        "script",
        "<canary-x>Ada</canary-x><script>alert('canary')</script>",
        '"><img src=x canary=1 onerror=alert(1)>',
        "' autofocus onfocus=alert(1) canary='",
        "</title></textarea></script><canary-x>",
        "<!--<canary-x> --!><canary-x> <![CDATA[ ]]>",
        "&lt;canary-x&gt; &#60;canary-x&#62; &amp",
        "{}];alert(1)//</script><canary-x>",
        "\u2028alert(1)\u2029",
    ),
    *_of("markup", "<canary-x>" * 300, "<b>" * 300 + "deep" + "</b>" * 300),
    *_of(
        "template",
        "{{7*7}} canary49",
        "{% raw %}{{ config }}{% endraw %}",
        "{#- canary -#}${7*7} #{7*7} <%= 7*7 %>",
        "%(x)s %s %d %n %% %(canary)",
        "{code} {0.__class__} {name!r:>9999999} {",
        "{link} {ends} {company}",
        "\\N{BELL} \\x00 \\u0000 $(canary) `canary`",
    ),
    *_of(
        "formula",
        '=HYPERLINK("http://canary.example/","y")',
        "=cmd|'/C canary'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        "  =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        '"=1+1"',
        "'=1+1",
        "''=1+1",
        "﹦1 ﹢1 ﹣1 ﹫x",
        "−1 ‐1 –1",
        'a,"b";c\t=1',
        "'",
    ),
    *_of(
        "path",
        "../../../../etc/canary",
        "..\\..\\canary",
        "/etc/passwd",
        "C:\\canary.exe",
        "\\\\canary.example\\share",
        "CON.pdf",
        "canary.pdf/../x",
        ".",
        "..",
        "%2e%2e%2fcanary",
        "~root",
        "a/b:c*d?e|f",
    ),
    *_of("nul", "Ada\0Lovelace", "canary.pdf\0.exe"),
    *_of(
        "style",
        "url(http://canary.example/x.png)",
        "</style><canary-x>",
        "expression(alert(1))",
        "@import 'http://canary.example/';",
        "x;}*{background:url(//canary.example)}",
    ),
    *_of(
        "svg",
        "<svg onload=alert(1)><foreignObject><canary-x/></foreignObject></svg>",
        '<math href="javascript:alert(1)">canary</math>',
        '<use href="data:image/svg+xml,canary"/>',
        '<annotation file="canary">',
    ),
    *_of(
        "url",
        "javascript:alert('canary')",
        "JaVaScRiPt\t:alert(1)//canary",
        "data:text/html,<canary-x>",
        "vbscript:canary",
        "file:///etc/canary",
        "https://canary.example/",
        "//canary.example/",
        "/\\canary.example/",
        "\thttps://canary.example",
        "http:canary.example",
    ),
    *_of(
        "unicode",
        "\u202eadA\u202c",
        "\u2066ab\u2069\u200f\u061c",
        "A\u200b\u200c\u200d\u2060\ufeffda",
        "Z" + "\u0337\u0321\u035a" * 12 + "algo",
        "😀👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿𝔸",
        unicodedata.normalize("NFD", "한국어 부서 이름"),
        "ﬁﬀ① Å ſ K İ ı",
        "ㅤ\u115f\u1160\u3164",
        "\ue000\uf8ff\U000f0000",
        "\ufffe\uffff\ufffd",
        "\u0600\u0e47\u0ddd\u1100\u11a8",
        "مرحبا שלום",
    ),
    *_of("half", "\ud800", "Ada\udfff\ud83d"),
    *_of("control", "\x01\x07\x08\x0b\x0c\x0e\x1b\x7f\x85\x9b", "\x1b[2J\x1b]0;canary\x07\x1b[31m", "a\rb\nc\r\nd"),
    *_of("long", "W" * 4000, "가" * 1000, "a" * LONG, "\n" * 500),
    *_of(
        "header",
        "Ada\r\nBcc: canary@example.com",
        "Ada\nX-Canary: 1\n\n<canary-x>",
        "Ada\rSet-Cookie: canary=1",
        "Ada%0d%0aX-Canary:1",
        "=?utf-8?q?canary=0d=0aBcc:x?=",
        'x"; filename="canary.exe',
        "x\u2028X-Canary: 1\u0085Y: 2",
    ),
    *_of(
        "address",
        "ada@example.com,canary@example.com",
        '"ada canary"@example.com',
        "ada@[127.0.0.1]",
        "<ada@example.com>",
        "a" * 65 + "@example.com",
        "ada@exa\r\nmple.com",
        "ädä@exämple.com",
        "ada@例え.テスト",
        "ada+canary@example.com?bcc=x",
        "@",
        "ada@example..com",
        ".ada.@example.com",
    ),
    *_of(
        "number",
        *("1e309", "-0", "NaN", "Infinity", "١٢٣", "１２", "²", "5.0", "0x10", "1_000", "-1", "99999999999999999999"),
        *("9" * 5000, "1e-400", "٣", "½", "5 ", "+5", "05"),
    ),
    *_of(
        "day",
        *(
            "0000-00-00",
            "0001-01-01",
            "9999-12-31",
            "2026-02-30",
            "10000-01-01",
            "2026-W01-1",
            "20260101",
            "２０２６-01-01",
        ),
        *("-2026-01-01", "24:00", "23:59:60", "25:61", "2026-11-22T10:00:00+99:99", "12:00:00.9999999"),
    ),
    *_of("sql", "'; DROP TABLE person;--", "' OR '1'='1", "\\'; --", "%' ESCAPE '!", "_%", "$$;", ":name ?1"),
    *_of(
        "json",
        "[" * 19_000,
        '{"id": 1e309, "a": NaN}',
        '{"__proto__": {"canary": 1}}',
        '"\\ud800"',
        "null",
        '{"id":"' + "A" * 3000 + '","response":{},"type":"public-key"}',
        "{" + '"a":{' * 900,
    ),
)
MIXED: Final = Text(
    "mixed",
    "=<canary-x a=\"b\" onload='c'>{{7*7}}{%x%}${7*7}%(x)s%s&amp;\u202e\u200b\x1b]0;\r\nBcc: canary@example.com\r\n"
    "../\\javascript:canary</script></style>';--😀" + unicodedata.normalize("NFD", "가") + "١",
)
"""A little of everything: what every field meets even in a short run."""
KINDS: Final = tuple(dict.fromkeys(each.kind for each in CORPUS))


def names() -> tuple[Text, ...]:
    """Return what can stand in a database where a name stands: what is not too long, and can be kept."""
    return tuple(each for each in (MIXED, *CORPUS) if each.short and each.sendable)


@cache
def harmless(text: str) -> str:
    r"""Return a text of the same length and lines in which nothing means anything.

    >>> harmless("=<b>\n가1")
    'ooxo\nx1'
    """
    return re.sub(
        r"[^\n]",
        lambda found: found[0] if found[0] in string.digits else "x" if found[0].isalpha() else "o",
        text,
    )
