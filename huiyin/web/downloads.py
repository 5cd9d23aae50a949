"""下载：a file as it leaves the house, under its own name."""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

R = TypeVar("R", bound=HttpResponseBase)


def attached(response: R, name: str) -> R:
    """The response as an attachment: kept by the browser under this name, whatever its letters, and not opened as a page."""
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
