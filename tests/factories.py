"""Make rows for tests: through the verbs where a verb exists, plainly where none does.

All run in the role of the engine, which may see and write every tenant's rows; the request
under test then gets the role it would have in production.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from itertools import count
from typing import Any

from accounts import widget_keys
from accounts.access import Role
from accounts.models import ContactMethod, Membership, Organization, StaffProfile, User
from accounts.tenancy import acting_for
from accounts.viewer import SYSTEM, Viewer
from knowledge import publishing, versions, writing
from knowledge.languages import Language
from knowledge.models import (
    Article,
    ArticleFile,
    Category,
    Change,
    ErrorCode,
    Product,
    Release,
    Translation,
)
from tickets import chats, lifecycle
from tickets.models import Chat, Ladder, LadderStep, Roster, RosterVersion, Skill, Team, Ticket
from tickets.models.ticket import Severity
from tickets.oncall.definition import LayerPlan, Member, RosterPlan, written

PASSWORD = "correct horse battery"
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)

_numbers = count(1)


def user(name: str = "Somebody", *, email: str = "", verified: bool = True, **fields: Any) -> User:
    """A person with a login; the address is verified unless said otherwise."""
    from allauth.account.models import EmailAddress

    email = email or f"person{next(_numbers)}@example.com"
    person = User.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=verified, primary=True)
    return person


def organization(
    name: str = "", *, key: str = "", plan: str = "premium", **fields: Any
) -> Organization:
    number = next(_numbers)
    name = name or f"Customer {number}"
    return Organization.objects.create(
        name=name, slug=name.lower().replace(" ", "-"), key=key or f"C{number}", plan=plan, **fields
    )


def member(
    organization: Organization, role: Role = Role.DEVELOPER, name: str = "Member", **fields: Any
) -> User:
    person = user(name, **fields)
    Membership.objects.create(organization=organization, user=person, role=role)
    return person


def engineer(
    name: str = "Engineer",
    *,
    level: str = "L2",
    is_manager: bool = False,
    languages: tuple[str, ...] = ("en", "zh"),
    products: tuple[str, ...] = ("im",),
    **fields: Any,
) -> User:
    """A person of staff with a profile and one verified contact method, their e-mail address.

    `products` are keys of products; they know all platforms of each.
    """
    person = user(name, is_staff=True, **fields)
    StaffProfile.objects.create(
        user=person,
        level=level,
        is_manager=is_manager,
        years=6,
        languages=list(languages),
    )
    for key in products:
        Skill.objects.create(user=person, product=product(key))
    contact_method(person, person.email)
    return person


def contact_method(
    person: User, address: str, *, kind: str = "email", **fields: Any
) -> ContactMethod:
    """A further way to ring somebody, in use and verified unless said otherwise."""
    fields = {"verified_at": NOON, "position": person.contact_methods.count()} | fields
    return ContactMethod.objects.create(user=person, kind=kind, address=address, **fields)


PRODUCT_NAMES = {"im": ("Instant messaging", "即时通讯"), "rtc": ("Voice and video", "音视频")}


def product(key: str = "im") -> Product:
    english, chinese = PRODUCT_NAMES.get(key, (key, key))
    return Product.objects.get_or_create(
        key=key,
        defaults={
            "name_en": english,
            "name_zh": chinese,
            "platforms": ["android", "ios", "web"],
        },
    )[0]


def article(
    key: str = "token-expired",
    *,
    title: str = "The token has expired",
    body: str = "Ask your server for a new one.",
    language: Language = Language.EN,
    is_published: bool = True,
    now: dt.datetime = NOON,
    **fields: Any,
) -> Article:
    """An article with a text in one language, through the verbs; a FAQ unless `kind` is given."""
    made = writing.create_article(by=SYSTEM, now=now, key=key, **{"kind": "faq"} | fields)
    text(made, title=title, body=body, language=language, is_published=is_published, now=now)
    made.refresh_from_db()
    return made


def text(
    article: Article,
    *,
    title: str = "令牌已过期",
    body: str = "向你的服务器要一个新的。",
    summary: str = "",
    language: Language = Language.ZH,
    is_published: bool = True,
    now: dt.datetime = NOON,
) -> Translation:
    """A text of that article, published unless told otherwise."""
    revision = writing.save_revision(
        article=article,
        language=language,
        by=SYSTEM,
        now=now,
        title=title,
        summary=summary,
        body=body,
    )
    if is_published:
        publishing.publish(translation=revision.translation, by=SYSTEM, now=now)
    return Translation.objects.get(pk=revision.translation_id)


def release(
    version: str = "5.0.0",
    *changes: tuple[str, str],
    of: str = "im",
    platform: str = "",
    released_on: dt.date = dt.date(2026, 6, 1),
    **fields: Any,
) -> Release:
    """A release with changes, each a kind and its English text."""
    made = Release.objects.create(
        product=product(of),
        platform=platform,
        version=version,
        sort_key=versions.parse(version).sort_key,
        released_on=released_on,
        **fields,
    )
    for position, (kind, text) in enumerate(changes):
        Change.objects.create(release=made, kind=kind, text_en=text, position=position)
    return made


def category(key: str = "tokens", *, parent: Category | None = None) -> Category:
    return Category.objects.get_or_create(
        key=key, defaults={"name_en": key.title(), "name_zh": f"{key} 中文", "parent": parent}
    )[0]


def error_code(
    number: int | None = 1101, name: str = "", *, of: str = "im", **fields: Any
) -> ErrorCode:
    """An error code; its meaning is its name unless `meaning_en` is given."""
    return ErrorCode.objects.create(
        product=product(of), number=number, name=name, **{"meaning_en": f"It is {name}."} | fields
    )


def sample_file(
    article: Article, path: str = "src/Main.kt", code: str = "val a = 1"
) -> ArticleFile:
    """A file of sample code."""
    content = code.encode()
    return ArticleFile.objects.create(
        article=article,
        path=path,
        kind="sample",
        content_type="text/plain",
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
    )


ALWAYS = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def layer(*people: User, name: str = "Rotation", **fields: Any) -> LayerPlan:
    """A weekly rotation from the first Monday of 2026; people[0] is on duty that week."""
    return LayerPlan(
        name=name,
        members=tuple(Member(person.pk, person.name) for person in people),
        starts_on=fields.pop("starts_on", dt.date(2026, 1, 5)),
        hand_over_at=fields.pop("hand_over_at", dt.time(0)),
        **{"unit": "weeks"} | fields,
    )


def roster(team: Team, *people: User, name: str = "Primary", **fields: Any) -> Roster:
    """A roster of one layer, as `layer`, on record since `ALWAYS`; without people, of none.

    `valid_from` and `time_zone` may be given, as may what `layer` takes and the fields of Roster.
    """
    zone = fields.pop("time_zone", "UTC")
    since = fields.pop("valid_from", ALWAYS)
    of_layer = ("starts_on", "hand_over_at", "length", "unit", "weekdays", "opens", "closes")
    plan = {key: fields.pop(key) for key in of_layer if key in fields}
    made = Roster.objects.create(team=team, name=name, time_zone=zone, **fields)
    layers = [layer(*people, **plan)] if people else []
    version(made, *layers, since=since)
    return made


def version(roster: Roster, *layers: LayerPlan, since: dt.datetime = NOON) -> RosterVersion:
    """From `since` on the roster is made of these layers."""
    return RosterVersion.objects.create(
        roster=roster,
        definition=written(RosterPlan(roster.time_zone, layers)),
        valid_from=since,
    )


def reroster(roster: Roster, *people: User, since: dt.datetime = NOON) -> None:
    """From `since` on these people take turns, weekly; without any, nobody does."""
    version(roster, *([layer(*people)] if people else []), since=since)


def team(*rungs: User, name: str = "IM core", patience_seconds: int = 180, **fields: Any) -> Team:
    """The default team; each person stands alone on one roster and one ladder step."""
    made = Team.objects.create(name=name, is_default=fields.pop("is_default", True), **fields)
    steps = ladder(made)
    for position, person in enumerate(rungs):
        LadderStep.objects.create(
            ladder=steps,
            position=position,
            kind=LadderStep.Kind.ROSTER,
            roster=roster(made, person, name=f"Rung {position}"),
            patience_seconds=patience_seconds,
        )
    return made


def ladder(team: Team, severity: str = "", **fields: Any) -> Ladder:
    """A ladder without steps, for any severity unless one is said."""
    return Ladder.objects.create(team=team, severity=severity, **fields)


def ticket(
    reporter: User,
    *,
    subject: str = "Messages do not arrive",
    body: str = "Since 02:50 nothing arrives.",
    severity: Severity = Severity.NORMAL,
    now: dt.datetime = NOON,
    organization: Organization | None = None,
    **fields: Any,
) -> Ticket:
    """Opened by `reporter` in (the first of) their organizations, through the verb."""
    viewer = Viewer.of(reporter)
    if organization is None:
        organization = Organization.objects.get(pk=viewer.organization_ids[0])
    return lifecycle.open_ticket(
        by=viewer,
        organization=organization,
        subject=subject,
        body=body,
        severity=severity,
        now=now,
        **fields,
    )


def chat(visitor: User, *, body: str = "Where is the log?", **fields: Any) -> Chat:
    """A chat `visitor` began on the portal, in (the first of) their organizations."""
    viewer = Viewer.of(visitor)
    fields = {"severity": Severity.NORMAL, "source": Chat.Source.PORTAL, "now": NOON} | fields
    organization = Organization.objects.get(pk=viewer.organization_ids[0])
    return chats.start(by=viewer, organization=organization, body=body, **fields)


def widget_secret(owner: User, now: dt.datetime = NOON) -> str:
    """A new secret for the chat widget of (the first of) the owner's organizations."""
    by = Viewer.of(owner)
    with acting_for(by):  # the engine may not
        organization = Organization.objects.get(pk=by.organization_ids[0])
        return widget_keys.renew(by=by, organization=organization, now=now)


def fresh_key() -> uuid.UUID:
    """The mark a page puts on a message of a chat."""
    return uuid.uuid4()
