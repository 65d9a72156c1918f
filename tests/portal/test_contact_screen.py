"""The screen behind a contact check's link: looking confirms nothing, the button does, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from accounts import contact_checks, contacts
from accounts.models import ContactMethod
from accounts.viewer import Viewer
from tests.portal.conftest import Clock

pytestmark = pytest.mark.django_db

ADDRESS = "zhao@home.example"


@pytest.fixture
def method(cast: SimpleNamespace, clock: Clock) -> ContactMethod:
    return contacts.add(
        user=cast.engineer,
        by=Viewer.of(cast.engineer),
        kind="email",
        address=ADDRESS,
        now=clock.now,
    )


@pytest.fixture
def link(method: ContactMethod) -> str:
    return reverse("contact:show", args=[contact_checks.token(method.checks.get().pk)])


def verified(method: ContactMethod) -> bool:
    return ContactMethod.objects.get(pk=method.pk).verified_at is not None


def test_the_real_message_has_link_and_code(
    method: ContactMethod, link: str, send_due: Callable[[], int]
) -> None:
    send_due()
    (letter,) = mail.outbox
    assert letter.to == [ADDRESS]
    assert f"http://127.0.0.1:8000{link}" in letter.body
    check = method.checks.get()
    assert contact_checks.code(check.pk) in letter.body
    assert contact_checks.code(check.pk) in str(letter.alternatives[0])
    assert check.sent_at is not None
    assert not verified(method)


def test_the_message_is_in_the_language_of_whoever_is_rung(
    cast: SimpleNamespace, clock: Clock, send_due: Callable[[], int]
) -> None:
    cast.engineer.language = "zh-hans"
    cast.engineer.save()
    contacts.add(
        user=cast.engineer, by=Viewer.of(cast.lead), kind="email", address=ADDRESS, now=clock.now
    )
    send_due()
    assert 'lang="zh-hans"' in str(mail.outbox[0].alternatives[0])


def test_looking_never_confirms(client: Any, link: str, method: ContactMethod) -> None:
    for look in (client.get, client.head, client.get):
        answer = look(link)
        assert answer.status_code == 200
    assert "Zhao Min" in client.get(link).content.decode()
    assert client.get(f"{link}confirm/").status_code == 405
    assert not verified(method)


def test_one_press_without_a_login_confirms(client: Any, link: str, method: ContactMethod) -> None:
    answer = client.post(f"{link}confirm/")
    assert "From now on Zhao Min is rung here." in answer.content.decode()
    assert verified(method)


def test_a_link_is_used_once(client: Any, link: str, method: ContactMethod) -> None:
    client.post(f"{link}confirm/")
    ContactMethod.objects.update(verified_at=None)
    assert client.get(link).status_code == 410
    assert client.post(f"{link}confirm/").status_code == 410
    assert not verified(method)


def test_a_link_works_for_an_hour(
    client: Any, link: str, method: ContactMethod, clock: Clock
) -> None:
    clock.forward(minutes=60)
    assert client.post(f"{link}confirm/").status_code == 410
    assert not verified(method)


def test_a_link_to_an_address_since_changed_is_dead(
    cast: SimpleNamespace, client: Any, link: str, method: ContactMethod, clock: Clock
) -> None:
    contacts.change(
        method=method, by=Viewer.of(cast.engineer), now=clock.now, address="other@home.example"
    )
    assert client.post(f"{link}confirm/").status_code == 410
    assert not verified(method)


@pytest.mark.parametrize("forge", ["other key", "other signature", "nonsense", "page link"])
def test_a_forged_link_is_404(client: Any, link: str, method: ContactMethod, forge: str) -> None:
    from portal import page_links

    key, signature = link.split("/")[2].split("~")
    token = {
        "other key": f"{uuid.uuid4().hex}~{signature}",
        "other signature": f"{key}~{signature[::-1]}",
        "nonsense": "nonsense",
        "page link": page_links.token(method.checks.get().pk),
    }[forge]
    assert client.get(f"/contact/{token}/").status_code == 404
    assert client.post(f"/contact/{token}/confirm/").status_code == 404
    assert not verified(method)


def test_a_press_from_another_site_is_refused(
    client: Any, link: str, method: ContactMethod
) -> None:
    client.handler.enforce_csrf_checks = True
    assert client.post(f"{link}confirm/").status_code == 403
    assert not verified(method)


def test_a_link_of_somebody_who_left_opens_nothing(
    cast: SimpleNamespace, client: Any, link: str, method: ContactMethod
) -> None:
    cast.engineer.is_active = False
    cast.engineer.save()
    assert client.post(f"{link}confirm/").status_code == 403
    assert not verified(method)


def test_the_screen_is_kept_out_of_caches_and_other_sites(client: Any, link: str) -> None:
    answer = client.get(link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_message_nobody_needs_any_more_is_not_sent(
    method: ContactMethod, clock: Clock, send_due: Callable[[], int], cast: SimpleNamespace
) -> None:
    contacts.remove(method=method, by=Viewer.of(cast.engineer), now=clock.now)
    send_due()
    assert mail.outbox == []
