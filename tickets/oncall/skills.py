"""What a ticket needs and what people of staff are qualified for, as stored."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import StaffProfile, User
from tickets.models import Skill, Ticket
from tickets.oncall.qualification import Need, Skills, spoken


def need_of(ticket: Ticket, *, level: str = "") -> Need:
    """What the ticket asks of whoever takes it; `level` is the lowest a ladder step wants.

    No query when the ticket was read with its product.
    """
    return Need(
        product=ticket.product.key if ticket.product else "",
        platform=ticket.platform,
        language=spoken(ticket.language),
        level=level,
    )


def skills_of(users: Iterable[User | int]) -> dict[int, Skills]:
    """Skills by the key of the person, for everyone asked about: two queries.

    Somebody without a staff profile has no skills.
    """
    keys = {one if isinstance(one, int) else one.pk for one in users}
    if not keys:
        return {}
    products: dict[int, dict[str, frozenset[str]]] = {key: {} for key in keys}
    rows = Skill.objects.filter(user_id__in=keys)
    for user_id, product, platforms in rows.values_list("user_id", "product__key", "platforms"):
        products[user_id][product] = frozenset(platforms)
    profiles = StaffProfile.objects.filter(user_id__in=keys)
    known = {
        user_id: (level, languages)
        for user_id, level, languages in profiles.values_list("user_id", "level", "languages")
    }
    return {
        key: Skills(
            products=products[key],
            languages=frozenset(spoken(code) for code in known[key][1]),
            level=known[key][0],
        )
        if key in known
        else Skills()
        for key in keys
    }
