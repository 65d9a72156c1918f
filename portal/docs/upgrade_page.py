"""The upgrade path: everything to do between the version you run and the one you want."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from accounts import access
from knowledge.models import Product
from knowledge.upgrade_reading import read_path
from knowledge.upgrades import Problem
from portal.docs.opening import DocsRequest, docs_page, show
from portal.docs.upgrade_form import UpgradeForm, chosen_product, newest, offered_versions, start
from portal.docs.upgrade_words import counted, why_none
from tickets import versions_in_use
from tickets.versions_in_use import InUse

ASKED = frozenset({"product", "platform", "from", "to"})


@docs_page
def upgrade(request: DocsRequest) -> HttpResponseBase:
    """By GET, so that an address can be passed on. Anybody may; members find their versions."""
    in_use = _in_use(request)
    products = list(Product.objects.all())
    product = chosen_product(request.GET.get("product", ""), products, in_use)
    on = request.now.date()
    asked = "from" in request.GET
    data = start(product, in_use) | {k: request.GET[k] for k in ASKED & set(request.GET)}
    form = UpgradeForm(data, product=product)
    platform = data["platform"] if product and data["platform"] in product.platforms else ""
    releases = offered_versions(product, platform, viewer=request.reader, on=on)
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "releases": releases,
        "in_use": in_use,
        "product": product,
        "other_path": _other_path(request),
        "nav_part": "upgrade",
    }
    if not asked:
        form.errors.clear()  # nothing has been asked for yet
        return show(request, "docs/upgrade.html", context)
    if not form.is_valid():
        return show(request, "docs/upgrade.html", context, status=422)
    return show(request, "docs/upgrade.html", context | _found(request, form, releases))


def _found(request: DocsRequest, form: UpgradeForm, releases: list[Any]) -> dict[str, Any]:
    product, platform = form.cleaned_data["product"], form.cleaned_data["platform"]
    first, last = form.first, form.last or newest(releases)
    if first is None or last is None:
        return {"problem": why_none(Problem.NOTHING_RELEASED)}
    found = read_path(
        product=product,
        platform=platform,
        first=first,
        last=last,
        viewer=request.reader,
        language=request.language,
        on=request.now.date(),
    )
    if isinstance(found, Problem):
        return {"problem": why_none(found, first=first, last=last, newest=newest(releases))}
    return {
        "found": found,
        "platform": platform,
        "counts": counted(found.items),
        "may_keep": _may_keep(request),
        "today": request.now.date(),
        "page_title": _("%(product)s: %(first)s to %(last)s")
        % {"product": product, "first": first, "last": last},
    }


def _may_keep(request: DocsRequest) -> bool:
    organization = request.organization
    return organization is not None and access.allows(
        request.reader, "checklist.keep", organization.pk
    )


def _in_use(request: DocsRequest) -> list[InUse]:
    if request.organization is None:
        return []
    return versions_in_use.of_organization(request.organization, now=request.now)


def _other_path(request: DocsRequest) -> str:
    """The same question in the other language."""
    query = request.GET.urlencode()
    path = request.path.replace(f"/{request.language}/", f"/{request.language.other}/", 1)
    return f"{path}?{query}" if query else path
