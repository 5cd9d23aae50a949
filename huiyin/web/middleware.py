"""页面不外泄: nothing behind sign-in is kept by caches, and files cannot run."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

BUSY = ("database is locked", "lock timeout", "deadlock detected")  # SQLite; PostgreSQL
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PrivatePages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        kept = response.headers.get("Cache-Control", "").startswith("public")  # the public's own pages
        if not kept and not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """系统正忙：another writer kept the lock too long. Nothing was written; the browser still has the form."""
        if not isinstance(error, OperationalError) or not any(sign in str(error) for sign in BUSY):
            return None
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "5"
        return response
