"""谁能看：every address, for every role and a stranger. An address that is not listed here fails the build."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from huiyin.actions import (
    convening,
    filing,
    importing,
    laying_out,
    merging,
    organising,
    passages,
    supervising,
    writing,
)
from huiyin.models import Person, StoredFile
from huiyin.rules.vocabulary import YearPaperKind
from tests.conftest import Bureau, day, pdf
from tests.documents import layouts

# address: (arguments, {role: status}); the roles not named get the default "404"
EXPORTS = {"ledger_export", "event_log", "figures_export", "scores_export"}
TOLD = ('INSERT INTO "huiyin_event"', 'UPDATE "huiyin_unit"')
SEES, IN, NONE = "200", "200", "404"
ROLES = (
    "clerk",
    "chief",
    "handler",
    "head",
    "business_leader",
    "other_handler",
    "admin",
    "stranger",
    "nobody",
)
OFFICE = {"clerk": "200"}
UNIT = {"clerk": "200", "chief": "200", "handler": "200", "head": "200", "business_leader": "200"}
ALL = dict.fromkeys(ROLES, "200")
PAGES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "desk": ({}, {**ALL, "admin": "302"}),
    "ledger": ({}, ALL),
    "ledger_columns": ({}, ALL),
    "ledger_views": ({}, ALL),
    "ledger_deeds": ({}, {}),
    "ledger_export": ({}, ALL),
    "ledger_exports": ({}, ALL),
    "event_log": ({}, ALL),
    "ledger_layouts": ({}, {"admin": "200"}),
    "ledger_layout": ({"pk": "@layout"}, {"admin": "200"}),
    "ledger_layout_file": ({"pk": "@layout"}, {"admin": "200"}),
    "item": ({"pk": "@item"}, UNIT),
    "draft": ({"pk": "@item"}, {**UNIT, "clerk": "302", "chief": "302", "head": "302", "business_leader": "302", "handler": "302"}),
    "compare": ({"pk": "@item"}, UNIT),
    "annexes": ({"pk": "@item"}, dict.fromkeys(UNIT, "302")),
    "autosave": ({"pk": "@item"}, dict.fromkeys(UNIT, "405")),
    "draft_word": ({"pk": "@item"}, dict.fromkeys(UNIT, "302")),
    "draft_import": ({"pk": "@item"}, dict.fromkeys(UNIT, "302")),
    "draft_compare": ({"pk": "@item", "file": "@file"}, dict.fromkeys(UNIT, "302")),
    "take_host": ({"pk": "@merged"}, UNIT),
    "letter": ({"pk": "@item"}, UNIT),
    "paper": ({"pk": "@item", "kind": "reply_ordinary"}, UNIT),
    "label_sheet": ({}, {}),
    "paper_templates": ({}, {"admin": "200"}),
    "paper_template": ({"kind": "reply"}, {"admin": "200"}),
    "paper_template_file": ({"kind": "reply"}, {"admin": "200"}),
    "version": ({"pk": "@item", "number": 1}, UNIT),
    "deed": ({"pk": "@item", "name": "contact"}, UNIT),
    "file": ({"pk": "@file"}, UNIT),
    "intake": ({}, OFFICE),
    "register": ({}, OFFICE),
    "import": ({"pk": "@batch"}, OFFICE),
    "import_columns": ({"pk": "@batch"}, OFFICE),
    "import_undo": ({"pk": "@batch"}, OFFICE),
    "item_dates": ({"pk": "@item"}, UNIT),
    "sources": ({"pk": "@item"}, UNIT),
    "answer": ({"secret": "unknown"}, {}),
    "calendars": ({}, OFFICE),
    "calendar_load": ({}, OFFICE),
    "calendar_recount": ({}, OFFICE),
    "calendar_year": ({"year": 2020}, OFFICE),
    "calendar_download": ({"year": 2020}, OFFICE),
    "dispatch": ({}, ALL),
    "public": ({}, ALL),
    "public_settings": ({}, {"clerk": "200", "chief": "200"}),
    "public_reply": ({"pk": "@reply"}, ALL),
    "public_word": ({"pk": "@reply"}, ALL),
    "public_annex": ({"pk": "@reply", "number": 1}, {}),
    "promises": ({}, ALL),
    "notices": ({}, ALL),
    "notices_read": ({}, {}),
    "notice_settings": ({}, ALL),
    "deliveries": ({}, {"clerk": "200", "admin": "200"}),
    "resend": ({}, {}),
    "feed": ({"secret": "unknown"}, {}),
    "board": ({}, ALL),
    "board_items": ({}, ALL),
    "board_urge": ({}, ALL),
    "passages": ({}, dict.fromkeys(("clerk", "handler", "head", "other_handler"), "200")),
    "passage_new": ({}, dict.fromkeys(("clerk", "handler", "head", "other_handler"), "200")),
    "passage": ({"pk": "@passage"}, dict.fromkeys(("clerk", "handler", "head", "other_handler"), "200")),
    "supervision": ({}, ALL),
    "supervision_act": ({"pk": "@act"}, UNIT),
    "supervision_paper": ({"pk": "@act"}, UNIT),
    "meetings": ({}, ALL),
    "meeting": ({"pk": "@meeting"}, {**UNIT, "other_handler": "200"}),
    "figures": ({}, ALL),
    "figures_export": ({}, ALL),
    "figures_board": ({}, ALL),
    "figures_analysis": ({}, ALL),
    "scores": ({}, {**UNIT, "other_handler": "200"}),
    "scores_export": ({}, {**UNIT, "other_handler": "200"}),
    "scores_paper": ({}, {**UNIT, "other_handler": "200"}),
    "score_scheme": ({}, {**UNIT, "other_handler": "200"}),
    "score_scheme_compare": ({}, {**UNIT, "other_handler": "200"}),
    "score_scheme_edit": ({}, {}),
    "score_card": ({"of": "@section"}, UNIT),
    "score_items": ({"of": "@section", "key": "overdue"}, UNIT),
    "score_partner": ({"pk": 1, "side": "late"}, {}),
    "score_mark": ({"of": "@section", "key": "leading"}, {}),
    "year_papers": ({}, {"clerk": "200", "chief": "200"}),
    "year_paper": ({"pk": "@paper"}, {"clerk": "200", "chief": "200"}),
    "year_paper_edit": ({"pk": "@paper"}, {"clerk": "200", "chief": "302"}),
    "year_paper_cases": ({"pk": "@paper"}, {"clerk": "200"}),
    "year_paper_compare": ({"pk": "@paper"}, {"clerk": "200", "chief": "200"}),
    "year_paper_issue": ({"pk": "@paper"}, {"chief": "200"}),
    "year_paper_word": ({"pk": "@paper"}, {"clerk": "200", "chief": "200"}),
    "year_paper_figure": ({"pk": "@paper"}, {"clerk": "200", "chief": "200"}),
    "profiles": ({}, ALL),
    "profile": ({"name": "jiangxi"}, ALL),
    "profile_compare": ({}, ALL),
    "organisation": ({}, {"admin": "200"}),
    "organisation_new": ({"kind": "person"}, {"admin": "200"}),
    "organisation_edit": ({"kind": "person", "pk": "@person"}, {"admin": "200"}),
    "organisation_remove": ({"kind": "post", "pk": "@post"}, {}),
    "account_login": ({}, dict.fromkeys(ROLES, "302")),
    "account_logout": ({}, ALL),
    "account_change_password": ({}, dict.fromkeys(ROLES, "302")),
    "first_password": ({"uid": "MQ", "token": "x-y"}, {}),
    "account_signup": ({}, {}),
    "account_reset_password": ({}, {}),
    "account_inactive": ({}, {}),
    "account_set_password": ({}, {}),
    "locked": ({}, dict.fromkeys(ROLES, "429")),
    "demo_people": ({}, ALL),
}  # fmt: skip
PUBLIC = {"public", "public_reply", "public_word", "public_annex"}  # what is published may be read by anybody
OPEN_TO_ALL = PUBLIC | {
    "account_login", "first_password", "account_signup", "account_reset_password", "account_inactive",
    "account_set_password", "locked", "demo_people", "feed", "answer",
}  # fmt: skip
# the stranger is the clerk of another unit: office pages exist for him, but hold nothing of ours
STRANGER = {
    "intake": "200", "register": "200", "year_papers": "200", "calendars": "200", "calendar_load": "200",
    "calendar_recount": "200", "calendar_year": "200", "calendar_download": "200", "deliveries": "200", "public_settings": "200",
    "passages": "200", "passage_new": "200",
    "scores": "200", "scores_export": "200", "scores_paper": "200", "score_scheme": "200", "score_scheme_compare": "200",
}  # fmt: skip

DIRECTORS = dict.fromkeys(
    (
        "paper_templates",
        "paper_template",
        "paper_template_file",
        "ledger_layouts",
        "ledger_layout",
        "ledger_layout_file",
        "score_scheme_edit",
        "score_mark",
        "year_paper_issue",
    ),
    "200",
)


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix")]


@pytest.fixture(scope="module")
def bureau(stage: Bureau) -> Bureau:
    return stage


@pytest.fixture(autouse=True)
def _files_apart() -> None:
    """Stored files are the stage's, for the whole module."""


@pytest.fixture(scope="module")
def things(bureau: Bureau) -> dict[str, Any]:
    item = bureau.published()
    file = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.clerk, at=day("2020-08-01"))
    sheet = (
        "编号,标题,领衔代表,办理方式,交办日期,正文\n001,关于测试的建议,邱德海,主办,2020-05-29,正文\n".encode()
    )
    from django.core.files.base import ContentFile

    batch = importing.upload(
        ContentFile(sheet, name="交办表.csv"),
        meeting=bureau.meeting,
        organ=bureau.organ,
        by=bureau.clerk,
        at=day("2020-06-01"),
    )
    act = supervising.supervise(
        [supervising.Target(item, bureau.handler)], text="请抓紧。", by=bureau.clerk, at=day("2020-08-03")
    )
    meeting = convening.convene(
        name="局务会", on=day("2020-08-06").date(), by=bureau.clerk, at=day("2020-08-03")
    )
    passage = passages.keep(
        passages.Wording("联系方式", "如有疑问，请与我局联系。", bureau.handler, day("2099-12-31").date()),
        by=bureau.clerk, at=day("2020-06-01"),
    )  # fmt: skip
    host, merged = (bureau.assigning(number=number) for number in ("083", "084"))
    merging.merge(merged, into=host, by=bureau.clerk, at=day("2020-06-01"))
    paper = writing.begin(
        bureau.meeting, YearPaperKind.SUMMARY, on=day("2020-12-15").date(), by=bureau.clerk, at=day("2020-12-15")
    )  # fmt: skip
    layout = laying_out.set_layout("台账", upload=layouts.upload(), by=bureau.director, at=day("2020-06-01"))
    post = bureau.head.posts.get()
    bureau.people["nobody"] = Person.objects.create(
        username="nobody", password="!", name="无岗", unit=bureau.unit
    )
    return {
        "item": item.pk, "reply": item.reply.pk if item.reply else 0, "file": file.pk, "batch": batch.pk, "person": bureau.head.pk, "post": post.pk,
        "act": act.pk, "meeting": meeting.pk, "merged": merged.pk, "passage": passage.pk, "paper": paper.pk, "layout": layout.pk, "section": bureau.section.pk,
    }  # fmt: skip


def addresses(things: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, (arguments, _) in PAGES.items():
        yield (
            name,
            reverse(
                name,
                kwargs={
                    key: things[value[1:]] if str(value).startswith("@") else value
                    for key, value in arguments.items()
                },
            ),
        )


def test_every_address_is_listed() -> None:
    patterns = get_resolver().url_patterns
    names = [one.name if isinstance(one, URLPattern) else None for one in patterns]
    assert None not in names  # an include would bring addresses of its own
    assert sorted(map(str, names)) == sorted(PAGES)  # two of one name would hide one


@pytest.mark.parametrize("role", ROLES)
def test_role(bureau: Bureau, things: dict[str, Any], role: str, client: Client) -> None:
    """Who may see it; that reading it changes nothing, but that an export is told in the unit's journal; and that a
    stranger's page names nothing of ours."""
    client.force_login(bureau.people[role])
    wrong: list[str] = []
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"} and "session" not in sql:
            written.append(sql)
        return execute(sql, params, many, context)

    for name, url in addresses(things):
        default = STRANGER.get(name, "404") if role == "stranger" else "404"
        expected = default if role == "stranger" and name in STRANGER else PAGES[name][1].get(role, default)
        with connection.execute_wrapper(watch):
            response = client.get(url)
        if str(response.status_code) != expected:
            wrong.append(f"{name}: {response.status_code}, not {expected}")
        wrong += [f"{name}: {sql}" for sql in written if name not in EXPORTS or not sql.startswith(TOLD)]
        written.clear()
        if role == "stranger" and name not in PUBLIC:
            body = b"".join(response).decode(errors="ignore")
            wrong += [f"{name}: {word}" for word in ("港口用地", "邱德海") if word in body]
    assert wrong == []


def test_a_director_and_a_stand_in_get_what_the_clerk_gets_and_who_has_left_nothing(
    bureau: Bureau, things: dict[str, Any], client: Client
) -> None:
    today = timezone.localdate()
    stand_in = Person.objects.create(username="stand_in", password="!", name="代职", unit=bureau.unit)
    organising.stand_in(
        bureau.clerk,
        stand_in,
        from_on=today,
        to_on=today + timedelta(days=1),
        by=bureau.admin,
        at=timezone.now(),
    )
    for who, more in ((bureau.director, DIRECTORS), (stand_in, {})):
        client.force_login(who)
        got = {name: str(client.get(url).status_code) for name, url in addresses(things)}
        assert got == {name: PAGES[name][1].get("clerk", "404") for name in PAGES} | more, who.username
        client.force_login(who)
    Person.objects.filter(pk=stand_in.pk).update(is_active=False)
    for name, url in addresses(things):
        if name not in OPEN_TO_ALL:
            assert client.get(url).headers.get("Location", "").startswith(reverse("account_login")), name


def test_somebody_not_signed_in(things: dict[str, Any], client: Client) -> None:
    for name, url in addresses(things):
        response = client.get(url)
        if name not in OPEN_TO_ALL:
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith(reverse("account_login")), name


def test_search_finds_nothing_for_those_who_see_nothing(
    bureau: Bureau, things: dict[str, Any], client: Client
) -> None:
    for role in ("stranger", "admin", "other_handler", "nobody"):
        client.force_login(bureau.people[role])
        assert "港口用地" not in client.get(reverse("ledger"), {"q": "港口"}).content.decode()
        url = reverse("ledger")
        key: dict[str, Any] = {"meeting": bureau.meeting.pk, "figure": "total"}
        assert "港口用地" not in client.get(url, key).content.decode()
    client.force_login(bureau.clerk)
    assert "港口用地" in client.get(reverse("ledger"), {"q": "港口"}).content.decode()


def test_every_page_that_changes_something_wants_the_token(bureau: Bureau, things: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bureau.clerk)
    for name, url in addresses(things):
        if name not in {"locked"}:
            assert client.post(url, {}).status_code in {403, 405, 404}, name


def test_files_are_served_as_attachments_that_cannot_run(
    bureau: Bureau, things: dict[str, Any], client: Client
) -> None:
    client.force_login(bureau.clerk)
    response = client.get(reverse("file", args=[things["file"]]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_a_sheet_not_taken_in_is_its_uploaders_alone(
    bureau: Bureau, things: dict[str, Any], client: Client
) -> None:
    sheet = StoredFile.objects.get(name="交办表.csv")
    for role, status in (("clerk", 200), ("chief", 404), ("stranger", 404)):
        client.force_login(bureau.people[role])
        assert client.get(reverse("file", args=[sheet.pk])).status_code == status
