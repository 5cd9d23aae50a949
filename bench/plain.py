"""平常的台账页: what a Django program without guards makes of the same page: a filtered, paged list of fifty rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client
from django.test.utils import override_settings
from django.urls import path

from huiyin.models import Assignment, Person, Section

PAGE = """<!doctype html><html><head><title>台账</title></head><body><form method="get">
<input name="q" value="{{ get.q }}"><select name="section"><option value="">全部</option>{% for s in sections %}
<option value="{{ s.pk }}"{% if s.pk|slugify == get.section %} selected{% endif %}>{{ s.name }}</option>{% endfor %}</select>
<input type="date" name="from" value="{{ get.from }}"><input type="date" name="to" value="{{ get.to }}"><button>查</button></form>
<p>共{{ page.paginator.count }}件，第{{ page.number }}/{{ page.paginator.num_pages }}页</p><table><thead><tr><th>编号</th><th>类型</th>
<th>标题</th><th>领衔人</th><th>办理方式</th><th>科室</th><th>承办人</th><th>状态</th><th>时限</th><th>结果</th><th>评价</th></tr></thead>
<tbody>{% for i in page %}<tr><td>{{ i.suggestion.number }}</td><td>{{ i.suggestion.get_kind_display }}</td>
<td><a href="/items/{{ i.pk }}/">{{ i.suggestion.title }}</a></td><td>{{ i.suggestion.proposer_label }}</td>
<td>{{ i.get_part_display }}</td><td>{{ i.section.name|default:"" }}</td><td>{{ i.handler.name|default:"" }}</td>
<td>{{ i.get_status_display }}</td><td>{{ i.due_on|date:"Y-m-d" }}</td>
<td>{% for r in i.replies.all %}{{ r.version.outcome_class }}{% endfor %}</td>
<td>{% for e in i.evaluations.all %}{{ e.get_outcome_display }}{% endfor %}</td></tr>{% endfor %}</tbody></table>
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">下一页</a>{% endif %}</body></html>"""


def _unit(request: HttpRequest) -> Any:
    return getattr(request.user, "unit", None)


def _found(request: HttpRequest) -> QuerySet[Assignment]:
    items = Assignment.objects.filter(unit=_unit(request))
    get = request.GET
    if get.get("section"):
        items = items.filter(section=int(get["section"]))
    if get.get("from"):
        items = items.filter(
            assigned_on__range=(date.fromisoformat(get["from"]), date.fromisoformat(get["to"]))
        )
    for word in get.get("q", "").split():
        text = Q(suggestion__title__icontains=word) | Q(suggestion__text__icontains=word)
        people = Q(suggestion__number__icontains=word) | Q(suggestion__proposers__name__icontains=word)
        items = items.filter(text | people).distinct()
    return items


def page(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    items = (
        _found(request)
        .select_related("suggestion", "section", "handler")
        .prefetch_related("suggestion__proposers", "replies__version", "evaluations")
        .order_by("-meeting__year", "meeting", "suggestion__number_key", "pk")
    )
    context = {
        "page": Paginator(items, 50).get_page(request.GET.get("page")), "get": request.GET,
        "sections": Section.objects.filter(unit=request.user.unit),
    }  # fmt: skip
    return HttpResponse(TEMPLATE.render(Context(context)))


TEMPLATE = Engine().from_string(PAGE)
urlpatterns = [path("plain/", page)]


class Here:
    """Middleware: the addresses of this module."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__
        return self.get_response(request)


MIDDLEWARE = [
    "bench.plain.Here",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]


def client(person: Person) -> Client:
    """Signed in at the plain program; its middleware is loaded once, as on a server."""
    found: Any = Client()
    found.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        found.handler.load_middleware()
    return found  # type: ignore[no-any-return]
