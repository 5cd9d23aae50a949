"""看得见的页面：what every template, style sheet and rendered page keeps to, whoever looks at it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.html import Element, parse_html
from django.urls import reverse

from huiyin.actions import filing
from huiyin.models import Assignment, Person
from huiyin.rules import vocabulary
from huiyin.rules.workflow import steps_from
from huiyin.web.deeds import PAGE_OF
from tests.conftest import Bureau, day, pdf
from tests.web import test_matrix

WEB = Path(settings.BASE_DIR) / "huiyin" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STATIC = sorted(one for one in (WEB / "static").rglob("*") if one.is_file() and "vendor" not in one.parts)
ROLES = ("clerk", "handler", "chief", "admin")
bureau, things, _files_apart = (
    test_matrix.bureau,
    test_matrix.things,
    test_matrix._files_apart,
)  # the fixtures
pytestmark = [pytest.mark.once, pytest.mark.xdist_group("static")]

INLINE = {
    "an inline style": r"\sstyle\s*=\s*[\"'{]|<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)[^>]*>|<script[^>]*>\s*[^<\s]",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"'{]|javascript:",
    "unescaped text": r"\|\s*safe\b|safeseq|autoescape\s+off",
    "an address elsewhere": r"https?://|(?:href|src|action)=[\"']//",
    "a debugging tag": r"{%\s*debug|{#\s*(?:TODO|FIXME)",
}


def short(paths: list[Path]) -> list[str]:
    return [str(one.relative_to(WEB)) for one in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=short(TEMPLATES))
def test_template(path: Path) -> None:
    text = path.read_text()
    assert [what for what, pattern in INLINE.items() if re.search(pattern, text, re.IGNORECASE)] == []
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL)
    for form in (
        forms if "templates/answer/" not in str(path) else []
    ):  # there the address itself is the proof
        assert "{% csrf_token %}" in form, form[:80]


def test_every_whole_template_says_its_language_and_title() -> None:
    for path in TEMPLATES:
        text = path.read_text()
        if "<html" in text:
            assert '<html lang="zh-Hans">' in text and "<title>" in text, path
        elif "{% extends" in text:
            assert "{% block title %}" in text, path


@pytest.mark.parametrize("path", STATIC, ids=short(STATIC))
def test_static_file_asks_nothing_of_elsewhere(path: Path) -> None:
    text = path.read_text().replace('xmlns="http://www.w3.org/2000/svg"', "")
    outside = r"https?:|@import|url\(\s*[\"']?(?!#|data:)|[\"'(]//|<script|\bon[a-z]+="
    assert re.findall(outside, text) == []
    if path.suffix == ".js":
        unsafe = r"\beval\(|new Function|innerHTML|outerHTML|document\.write|XMLHttpRequest|\bfetch\((?!form\.getAttribute\()|\.style\b"
        assert re.findall(unsafe, text) == []


def test_the_editor_is_built_from_the_source_that_stands_here() -> None:
    from scripts.build_editor import BUILT, digests

    facts = json.loads((BUILT / "vendor.json").read_text())
    assert facts["sha256"] == digests()
    licences = (BUILT / "LICENSES.txt").read_text()
    assert [one for one in facts["packages"] if one not in licences] == []


def test_static_files_are_served_by_ourselves(client: Client) -> None:
    for path in STATIC:
        response = client.get(f"/static/{path.relative_to(WEB / 'static')}")
        assert response.status_code == 200, path
        assert response.headers["X-Content-Type-Options"] == "nosniff", path


# Headers.

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'",
    "font-src": "'self'", "img-src": "'self' data:", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}  # fmt: skip

KEPT = {"Cache-Control": "public, max-age=60"}  # what is published anyhow, and only that
SECRET = {"Referrer-Policy": "no-referrer"}  # the address says who may answer


def header_faults(response: HttpResponseBase) -> list[str]:
    """Which headers of a page are not exactly as they must be. A stored file is stricter still."""
    headers = response.headers
    path: str = response.request["PATH_INFO"]  # type: ignore[attr-defined]
    wanted = HEADERS | (KEPT if re.match(r"/public/(\d|$)", path) and response.status_code == 200 else {})
    wanted |= SECRET if path.startswith("/answer/") else {}
    faults = [f"{key}: {headers.get(key)}" for key, value in wanted.items() if headers.get(key) != value]
    policy = headers["Content-Security-Policy"]
    if "sandbox" in policy:
        fine = isinstance(response, FileResponse) and "default-src 'none'" in policy
    else:
        fine = dict(one.strip().split(" ", 1) for one in policy.split(";")) == POLICY
    return faults if fine else [*faults, policy]


# The rendered pages.


@pytest.fixture(scope="module")
def more(bureau: Bureau, things: dict[str, Any]) -> list[str]:
    """Addresses beyond the matrix: items at seven statuses, each with its deeds' pages, and every form of 机构人员.
    A deed's page is opened at the first and the last of the statuses that offer it."""
    walks = ("register", "assigning", "accepting", "contacted", "review", "issued")
    items: list[Assignment] = [getattr(bureau, walk)(number=f"1{n:02}") for n, walk in enumerate(walks)]
    items.append(bureau.evaluated(number="120", draft={"outcome_class": "B"}))
    filing.attach(items[3], upload=pdf(), purpose="附件", by=bureau.handler, at=day("2020-07-01"))
    found = [reverse("ledger") + "?q=港口&sort=-due_on", reverse("promises") + "?all=1"]
    offered: dict[str, list[str]] = {}
    for item in items:
        found += [reverse("item", args=[item.pk]), reverse("draft", args=[item.pk])]
        for deed in sorted({step.deed for step in steps_from(item)} & set(PAGE_OF)):
            offered.setdefault(deed, []).append(reverse("deed", args=[item.pk, deed.value]))
        found += [reverse("version", args=[item.pk, one.number]) for one in item.versions.all()]
    for pages in offered.values():
        found += {pages[0]: 1, pages[-1]: 1}
    for kind in ("person", "section", "unit", "meeting", "category", "post", "stand-in"):
        found.append(reverse("organisation_new", args=[kind]))
    # Sign-in names are Latin by nature; what is left of Latin letters on the pages is then ours.
    for person in Person.objects.all():
        person.username = f"{person.pk}"
        person.set_password("Ganzhou-2020")  # who has one is shown the page to change it
        person.save()
    return found


def of(tree: Element, *names: str) -> Iterator[Element]:
    """The elements of these names in a tree, in order."""
    for child in tree.children:
        if isinstance(child, Element):
            if child.name in names or not names:
                yield child
            yield from of(child, *names)


def words(tree: Element) -> str:
    own = [words(one) if isinstance(one, Element) else str(one) for one in tree.children]
    told = [
        str(value) for key, value in tree.attributes if key in {"title", "alt", "aria-label", "placeholder"}
    ]
    return "" if tree.name in {"script", "style"} else " ".join([*told, *own])


def said(one: Element, key: str) -> str:
    return str(dict(one.attributes).get(key) or "")


def page_faults(tree: Element) -> list[str]:
    """What is wrong with a page, in words."""
    faults = []
    html = next(of(tree, "html"), tree)
    if said(html, "lang") != "zh-Hans":
        faults.append("no language")
    if not re.fullmatch(r"\S.* · 回音", " ".join(words(one) for one in of(tree, "title")).strip()):
        faults.append("no title")
    if (count := len(list(of(tree, "h1")))) != 1:
        faults.append(f"{count} h1")
    for name, times in Counter(said(one, "id") for one in of(tree) if said(one, "id")).items():
        if times > 1:
            faults.append(f"id {name} {times} times")
    return faults + unlabelled(tree) + headless(tree)


def unlabelled(tree: Element) -> list[str]:
    labels = {said(one, "for"): words(one).strip() for one in of(tree, "label")}
    wrapped = {id(inner) for label in of(tree, "label") for inner in of(label) if words(label).strip()}
    found = []
    for one in of(tree, "input", "select", "textarea"):
        if said(one, "type") in {"hidden", "submit"} or said(one, "aria-label") or id(one) in wrapped:
            continue
        if not labels.get(said(one, "id")):
            found.append(f"no label: {said(one, 'name')}")
    return found + ["a button without a word" for one in of(tree, "button") if not words(one).strip()]


def headless(tree: Element) -> list[str]:
    """Tables without a heading for their columns or rows."""
    return [f"no th: {words(one)[:20]}" for one in of(tree, "table") if not any(of(one, "th"))]


def latin(tree: Element) -> set[str]:
    """Latin words on the page that are not names of programs, files, file types or keys."""
    known = {
        "CSV", "Enter", "Excel", "GB", "JSON", "KB", "MB", "PDF", "UTF", "WPS", "Word", "XES", "csv", "docx", "ods", "pdf", "xls", "xlsx", "zip",
    }  # fmt: skip
    body = re.sub(
        r"[0-9a-f]{12}|\w+\.toml|holiday-cn|profiles(?= 里)|\b[A-C](?=\s*类)|\b[JK]\b|2020-\S+|UUID",
        " ",
        words(tree),
    )
    return {one for one in re.findall(r"[A-Za-z_]{2,}", body) if one not in known}


def is_page(response: HttpResponseBase) -> bool:
    """No file, no leading elsewhere, and not what is said to GET where only a form is taken (which is empty)."""
    return response.status_code not in {302, 405} and "text/html" in response.headers["Content-Type"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_page(
    bureau: Bureau, things: dict[str, Any], more: list[str], role: str, client: Client
) -> None:
    client.force_login(Person.objects.get(pk=bureau.people[role].pk))
    seen, wrong = 0, []
    for url in [*(url for _, url in test_matrix.addresses(things)), *more, "/nowhere/"]:
        response = client.get(url)
        wrong += [f"{url}: {one}" for one in header_faults(response)]
        if is_page(response):
            seen += 1
            tree = parse_html(response.content.decode())
            assert isinstance(tree, Element)
            wrong += [f"{url}: {one}" for one in [*page_faults(tree), *sorted(latin(tree))]]
    assert not wrong, "\n".join(wrong)
    assert seen > 20


@pytest.mark.django_db
def test_pages_before_signing_in(bureau: Bureau, things: dict[str, Any], client: Client) -> None:
    for name, url in [*test_matrix.addresses(things), ("nowhere", "/nowhere/")]:
        response = client.get(url)
        assert header_faults(response) == [], name
        if name in test_matrix.OPEN_TO_ALL and is_page(response):
            tree = parse_html(response.content.decode())
            assert isinstance(tree, Element)
            assert page_faults(tree) == [], name


def test_no_english_value_of_a_closed_list_is_a_chinese_label() -> None:
    terms = [
        one for one in vars(vocabulary).values() if isinstance(one, type) and issubclass(one, vocabulary.Term)
    ]
    for terms_of in terms:
        for term in terms_of:
            assert not re.search(r"[a-z_]{2,}", term.label), term
        assert len({term.label for term in terms_of}) == len(list(terms_of)), terms_of
