"""The cookie that forms are signed with: read where a browser sent one. Pages of respondents have none."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request


class Kept(SecureCookieSessionInterface):
    """Puts together what reads a cookie, which costs more than reading it, only where there is one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)
