"""Who may speak by the widget: members, named by a token their organization signed, once."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from django.core.cache import cache
from django.test import Client

from accounts import widget_identity, widget_keys
from accounts.models import Event, Membership, User, WidgetSession
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.cast import LoginClient
from tests.portal.conftest import Clock
from tests.widget_signer import signed

pytestmark = pytest.mark.django_db
DEVELOPER = "developer@starcast.example"


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


@pytest.fixture
def secret(cast: SimpleNamespace, clock: Clock) -> str:
    """StarCast's secret."""
    return factories.widget_secret(cast.owner, clock.now)


def sign_in(token: str, organization: str = "STAR", client: Client | None = None) -> Any:
    data = {"organization": organization, "token": token}
    return (client or LoginClient()).post("/widget/session/", data)


def reason(token: str, organization: str = "STAR") -> str:
    response = sign_in(token, organization)
    assert response.status_code == 401
    assert WidgetSession.objects.count() == 0
    return str(response.json()["reason"])


def frame(token: str) -> LoginClient:
    """A frame that signed in: its requests carry its key and nothing else."""
    client = LoginClient()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {sign_in(token).json()['key']}"
    return client


def test_a_member_who_was_signed_for_may_speak(
    cast: SimpleNamespace, secret: str, clock: Clock
) -> None:
    visitor = frame(signed(secret, email=DEVELOPER.upper(), now=clock.now))
    first = {"body": "From the docs.", "severity": "normal", "page": "https://docs.example/a"}
    answer = visitor.post("/widget/chat/start/", first)
    assert answer.status_code == 200
    assert "From the docs." in answer.content.decode()
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    event = Event.objects.get(verb="ticket.opened")
    assert (event.actor, event.organization) == (cast.developer, cast.star)
    chat = event.organization.ticket_set.get().chats.get()
    assert (chat.source, chat.came_from) == ("widget", "https://docs.example/a")


def test_a_token_works_once(secret: str, clock: Clock) -> None:
    token = signed(secret, email=DEVELOPER, now=clock.now)
    assert sign_in(token).status_code == 200
    again = sign_in(token)
    assert (again.status_code, again.json()) == (401, {"reason": "used"})


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": -1}, "expired"),
        ({"exp": 0}, "expired"),
        ({"exp": 601}, "lifetime"),
        ({"iat": 61}, "lifetime"),
        ({"iat": -400, "exp": 300}, "lifetime"),
        ({"aud": "other"}, "claims"),
        ({"iss": "BRIT"}, "claims"),
        ({"jti": None}, "claims"),
        ({"exp": None}, "claims"),
        ({"sub": None}, "claims"),
        ({"jti": "short"}, "jti"),
        ({"jti": "x" * 65}, "jti"),
        ({"jti": "x" * 20 + "\x00"}, "jti"),
        ({"sub": "nobody@starcast.example"}, "member"),
        ({"sub": "owner@brightclass.example"}, "member"),
        ({"sub": "former@starcast.example"}, "member"),
        ({"sub": "zhao@vigil.example"}, "member"),
        ({"sub": "a\x00@b.example"}, "member"),
        ({"sub": "x" * 300}, "member"),
    ],
)
def test_what_is_wrong_with_a_token_is_refused(
    secret: str, clock: Clock, claims: dict[str, Any], why: str
) -> None:
    seconds = int(clock.now.timestamp())
    claims = {
        name: seconds + value if name in ("exp", "iat") and value is not None else value
        for name, value in claims.items()
    }
    token = signed(secret, **{"email": DEVELOPER, "now": clock.now} | claims)
    people = User.objects.count()
    assert reason(token) == why
    assert User.objects.count() == people


def test_a_forged_token_is_refused(cast: SimpleNamespace, secret: str, clock: Clock) -> None:
    good = signed(secret, email=DEVELOPER, now=clock.now)
    header, claims, signature = good.split(".")
    told = jwt.decode(good, options={"verify_signature": False})
    forged = json.dumps(told | {"sub": "owner@starcast.example"}).encode()
    other = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    assert reason(f"{header}.{other}.{signature}") == "signature"
    assert reason(f"{none}.{claims}.") == "signature"
    assert reason(signed("vgk_guessed" * 4, email=DEVELOPER, now=clock.now)) == "signature"
    for nonsense in ("", ".", "..", "a.b.c", "x" * 5000, "é.é.é", "\x00"):
        assert reason(nonsense) == "signature"


def test_the_secret_of_one_customer_names_nobody_of_another(
    cast: SimpleNamespace, secret: str, clock: Clock
) -> None:
    cast.bright.plan = "premium"
    cast.bright.save()
    theirs = factories.widget_secret(cast.stranger, clock.now)
    crossed = signed(theirs, email=DEVELOPER, now=clock.now, organization="BRIT")
    assert reason(crossed, "BRIT") == "member"
    assert reason(crossed, "STAR") == "signature"
    as_star = signed(theirs, email=DEVELOPER, now=clock.now, organization="STAR")
    assert reason(as_star, "STAR") == "signature"
    assert reason(as_star, "BRIT") == "claims"


@pytest.mark.parametrize("organization", ["", "NONE", "BRIT", "star", "A'--", "\x00", "x" * 999])
def test_an_organization_without_a_widget_is_as_one_that_does_not_exist(
    cast: SimpleNamespace, secret: str, clock: Clock, organization: str
) -> None:
    token = signed(secret, email=DEVELOPER, now=clock.now, organization=organization)
    assert reason(token, organization) == "signature"


def test_a_new_secret_ends_the_old_one_and_every_frame(
    cast: SimpleNamespace, secret: str, clock: Clock
) -> None:
    visitor = frame(signed(secret, email=DEVELOPER, now=clock.now))
    fresh = factories.widget_secret(cast.owner, clock.now)
    assert fresh != secret
    assert visitor.get("/widget/chat/box/").status_code == 401
    again = sign_in(signed(secret, email=DEVELOPER, now=clock.now))
    assert again.json() == {"reason": "signature"}
    visitor = frame(signed(fresh, email=DEVELOPER, now=clock.now))
    assert visitor.get("/widget/chat/box/").status_code == 200
    owner = Viewer.of(cast.owner)
    with acting_for(owner):
        widget_keys.turn_off(by=owner, organization=cast.star, now=clock.now)
    assert visitor.get("/widget/chat/box/").status_code == 401


def test_whoever_is_removed_is_out_with_the_next_request(
    cast: SimpleNamespace, secret: str, clock: Clock
) -> None:
    visitor = frame(signed(secret, email=DEVELOPER, now=clock.now))
    assert visitor.get("/widget/chat/box/").status_code == 200
    Membership.objects.filter(user=cast.developer).delete()
    assert visitor.get("/widget/chat/box/").status_code == 401
    Membership.objects.create(organization=cast.star, user=cast.developer, role="developer")
    User.objects.filter(pk=cast.developer.pk).update(is_active=False)
    assert visitor.get("/widget/chat/box/").status_code == 401


def test_a_key_ends_after_an_hour(secret: str, clock: Clock) -> None:
    visitor = frame(signed(secret, email=DEVELOPER, now=clock.now))
    clock.forward(minutes=59)
    assert visitor.get("/widget/chat/box/").status_code == 200
    clock.forward(minutes=1)
    assert visitor.get("/widget/chat/box/").status_code == 401


@pytest.mark.parametrize("key", ["", "vgw_", "vgw_guessed", "vgw_" + "x" * 200, "vgl_x", "é"])
def test_a_guessed_key_opens_nothing(secret: str, key: str) -> None:
    client = LoginClient()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    assert client.get("/widget/chat/box/").status_code == 401


def test_a_key_opens_nothing_but_the_widget(secret: str, clock: Clock) -> None:
    visitor = frame(signed(secret, email=DEVELOPER, now=clock.now))
    assert visitor.get("/tickets/").status_code == 302
    assert visitor.get("/chat/box/").status_code == 302
    assert visitor.get("/api/v1/tickets/").status_code == 401
    assert visitor.get("/admin/queue/").status_code == 302


def test_only_a_hash_of_a_key_is_kept_and_no_secret(secret: str, clock: Clock) -> None:
    made = sign_in(signed(secret, email=DEVELOPER, now=clock.now)).json()["key"]
    row = WidgetSession.objects.values().get()
    assert made not in str(row)
    assert row["key_hash"] == widget_identity.digest(made)


def test_a_session_of_the_portal_is_nobody_in_the_frame(
    cast: SimpleNamespace, secret: str, browser_of: Any
) -> None:
    signed_in = browser_of(cast.developer)
    response = signed_in.get("/widget/chat/box/")
    assert response.status_code == 401
    assert signed_in.post("/widget/chat/start/", {"body": "As you."}).status_code == 401
    assert not response.cookies


def test_nothing_of_the_widget_sets_a_cookie(secret: str, clock: Clock) -> None:
    visitor = frame(signed(secret, email=DEVELOPER, now=clock.now))
    for path in ("/widget.js", "/widget/frame/?organization=STAR", "/widget/chat/box/"):
        assert not visitor.get(path).cookies


def test_signing_in_is_limited_by_address(secret: str, clock: Clock) -> None:
    answers = [sign_in("x.y.z").status_code for _ in range(61)]
    assert answers == [401] * 60 + [429]


def test_the_chat_of_another_member_is_not_there(
    cast: SimpleNamespace, secret: str, clock: Clock
) -> None:
    chat = factories.chat(cast.owner)
    visitor = frame(signed(secret, email=DEVELOPER, now=clock.now))
    assert visitor.get(f"/widget/chat/{chat.ticket}/live/").status_code == 404
    assert visitor.post(f"/widget/chat/{chat.ticket}/say/", {"body": "x"}).status_code == 404


def test_a_viewer_reads_and_does_not_speak(
    cast: SimpleNamespace, secret: str, clock: Clock
) -> None:
    visitor = frame(signed(secret, email="viewer@starcast.example", now=clock.now))
    assert "cannot chat either" in visitor.get("/widget/chat/box/").content.decode()
    assert visitor.post("/widget/chat/start/", {"body": "x"}).status_code == 403
