"""日历订阅: what is in it, whose it is, and what it keeps to itself."""

from datetime import date
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.actions import Refused, informing
from huiyin.models import Assignment, Clock, Person
from huiyin.notices.feed import feed
from huiyin.rules.vocabulary import ClockKind
from tests.conftest import Bureau, day

AT = day("2020-06-10")


def events(person: Person) -> dict[str, Any]:
    body = feed(person, at=AT, host="huiyin.example.gov.cn", link=lambda item: f"https://x/items/{item.pk}/")
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return {str(one["SUMMARY"]): one for one in found}


def reply(item: Assignment) -> Clock:
    return item.clocks.get(kind=ClockKind.REPLY)


def test_ones_own_dates_are_all_day_events(bureau: Bureau) -> None:
    item = bureau.handling()
    due = reply(item).due_on
    found = events(bureau.handler)
    one = found["第082号《关于协调港口用地指标落实项目用地保障的建议》书面答复到期"]
    assert one.decoded("DTSTART") == due
    assert type(one.decoded("DTSTART")) is date
    assert (one.decoded("DTEND") - due).days == 1
    assert one["UID"] == f"{item.pk}-reply-0@huiyin.example.gov.cn"
    assert one["URL"] == f"https://x/items/{item.pk}/"
    assert not any("申请退办" in name for name in found)  # a right, not a duty
    for who in (bureau.head, bureau.clerk, bureau.business_leader):
        assert any("书面答复" in name for name in events(who)), who
    for who in (bureau.other_handler, bureau.admin, bureau.stranger):
        assert events(who) == {}, who


def test_a_date_that_moves_keeps_its_uid_and_says_what_it_is(bureau: Bureau) -> None:
    item = bureau.handling()
    [before] = [one for name, one in events(bureau.handler).items() if "书面答复" in name]
    Clock.objects.filter(pk=reply(item).pk).update(due_on=date(2020, 9, 1), provisional=True)
    [(name, after)] = [pair for pair in events(bureau.handler).items() if "书面答复" in pair[0]]
    assert name.endswith("书面答复到期（暂定）")
    assert after["UID"] == before["UID"]
    assert after.decoded("DTSTART") == date(2020, 9, 1)
    Clock.objects.filter(pk=reply(item).pk).update(paused=True)
    assert any(name.endswith("书面答复到期（中止计时）") for name in events(bureau.handler))
    Clock.objects.filter(pk=reply(item).pk).update(stopped_on=date(2020, 6, 9))
    assert not any("书面答复" in name for name in events(bureau.handler))


def test_a_promise_is_its_owners_alone(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.promise(item)
    assert any("落实承诺到期" in name for name in events(bureau.handler))
    assert not any("落实承诺" in name for name in events(bureau.head))


def test_what_may_no_longer_be_seen_is_no_longer_there(bureau: Bureau) -> None:
    bureau.handling()
    assert events(bureau.clerk)
    bureau.clerk.posts.all().delete()
    assert events(bureau.clerk) == {}


@pytest.mark.parametrize("how", [{"confidential": True}, {"secret": True, "text": ""}])
def test_what_must_not_be_named_is_a_number(bureau: Bureau, how: dict[str, Any]) -> None:
    bureau.handling(title="关于某要害部位的建议", lead="甘霖", **how)
    body = feed(bureau.handler, at=AT, host="x", link=lambda item: str(item.pk)).decode()
    assert "第082号书面答复到期" in icalendar.Calendar.from_ical(body).to_ical().decode().replace("\r\n ", "")
    assert "要害" not in body.replace("\r\n ", "")
    assert "甘霖" not in body.replace("\r\n ", "")


def test_the_address_is_shown_once_and_opens_without_signing_in(bureau: Bureau, client: Client) -> None:
    bureau.handling()
    client.force_login(bureau.handler)
    page = client.post(reverse("notice_settings"), {"deed": "feed"}).content.decode()
    [address] = [part for part in page.split('"') if "/feed/" in part]
    assert "/feed/" not in client.get(reverse("notice_settings")).content.decode()
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    person = Person.objects.get(pk=bureau.handler.pk)
    assert len(secret) >= 43
    assert secret not in person.feed_digest
    response = Client().get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert "书面答复".encode() in response.content.replace(b"\r\n ", b"")
    client.logout()
    for wrong in (
        address.replace(secret, secret[:-1]),
        address.replace(secret, person.feed_digest),
        address[:-4],
    ):
        assert Client().get(wrong).status_code in {404, 302}, wrong
        assert b"VCALENDAR" not in Client().get(wrong).content
    assert Client().get(reverse("feed", args=["x"])).status_code == 404


def test_a_new_address_a_revoked_one_and_a_person_who_left_are_gone(bureau: Bureau) -> None:
    def status(secret: str) -> int:
        return Client().get(reverse("feed", args=[secret])).status_code

    at = timezone.now()
    first = informing.renew_feed(by=bureau.handler, at=at)
    second = informing.renew_feed(by=bureau.handler, at=at)
    assert (status(first), status(second)) == (404, 200)
    Person.objects.filter(pk=bureau.handler.pk).update(is_active=False)
    assert status(second) == 404
    Person.objects.filter(pk=bureau.handler.pk).update(is_active=True)
    informing.revoke_feed(by=bureau.handler, at=at)
    assert status(second) == 404
    with pytest.raises(Refused, match="还没有日历地址"):
        informing.revoke_feed(by=bureau.handler, at=at)
