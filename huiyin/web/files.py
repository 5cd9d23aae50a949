"""附件下载：only to those who see its item; always as an attachment that cannot run."""

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase

from huiyin.models import StoredFile
from huiyin.queries.actors import items_for
from huiyin.queries.item import hides_proposer
from huiyin.web import access
from huiyin.web.downloads import attached


def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    items = items_for(access.actor(request))
    mine = Q(assignment__in=items) | Q(assignment__isnull=True, suggestion__assignments__in=items)
    row = StoredFile.objects.filter(mine | _own_upload(request), pk=pk).distinct().first()
    if row is None or _names_a_hidden_proposer(row, request):
        raise Http404("没有这个文件，或不在您的范围内")
    response = attached(FileResponse(row.file.open("rb"), content_type=row.content_type), row.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _names_a_hidden_proposer(row: StoredFile, request: HttpRequest) -> bool:
    """要求保密的提出人 (R7): his papers name him, so only those who may know him have them."""
    actor = access.actor(request)
    items = (
        [row.assignment]
        if row.assignment
        else list(row.suggestion.assignments.all() if row.suggestion else [])
    )
    return bool(items) and all(hides_proposer(item, actor) for item in items)


def _own_upload(request: HttpRequest) -> Q:
    """A sheet not yet taken in belongs to no item; only who uploaded it may fetch it again."""
    return Q(assignment__isnull=True, suggestion__isnull=True, uploaded_by=access.person(request))
