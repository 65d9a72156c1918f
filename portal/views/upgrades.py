"""Upgrades an organization keeps: the path as a checklist its people tick off together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from knowledge import checklists, languages, versions
from knowledge.models import ChecklistTick, Platform, Product, UpgradeChecklist
from knowledge.upgrade_reading import Item, ReadPath, ReadStep, read_path
from knowledge.upgrades import Problem
from portal.docs.upgrade_form import UpgradeForm, newest, offered_versions
from portal.docs.upgrade_words import why_none
from portal.views.members import MemberRequest, for_members


@dataclass(frozen=True, slots=True)
class Line:
    """An item with who has done it; `is_new`: it was published after the list was made."""

    item: Item
    tick: ChecklistTick | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Section:
    step: ReadStep
    lines: Sequence[Line]


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def upgrades(request: MemberRequest) -> HttpResponse:
    """The upgrades of all one's organizations, newest first; a POST keeps another one."""
    if request.method == "POST":
        return _keep(request)
    rows = list(
        UpgradeChecklist.objects.visible_to(request.viewer)
        .select_related("product", "organization")
        .annotate(done=Count("ticks"))
    )
    context = {
        "rows": rows,
        "several": len(request.organizations) > 1,
        "upgrade_url": reverse("docs:upgrade", args=[languages.of_page()]),
    }
    return render(request, "portal/upgrades.html", context)


@require_safe
@for_members
def checklist(request: MemberRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    read, problem = _path(request, found), ""
    path = read if isinstance(read, ReadPath) else None
    if isinstance(read, Problem):
        first, last = (versions.parse(one) for one in (found.from_version, found.to_version))
        problem = why_none(read, first=first, last=last)
    ticks = {tick.item: tick for tick in found.ticks.all()}
    sections = _sections(path, found, ticks) if path else []
    lines = [line for section in sections for line in section.lines]
    context: dict[str, Any] = {
        "checklist": found,
        "found": path,
        "problem": problem,
        "sections": sections,
        "total": len(lines),
        "done": sum(line.tick is not None for line in lines),
        "new": sum(line.is_new for line in lines),
        "may_tick": access.allows(request.viewer, "checklist.keep", found.organization_id),
        "platform_name": Platform(found.platform).label if found.platform else "",
        "language": languages.of_page(),
        "today": request.now.date(),
    }
    return render(request, "portal/checklist.html", context)


@require_POST
@for_members
def tick(request: MemberRequest, pk: int) -> HttpResponse:
    """`item` is done; with `done` = "no" it is not after all."""
    found, item = _visible(request, pk), request.POST.get("item", "")
    path = _path(request, found)
    items = [] if isinstance(path, Problem) else [one.key for one in path.items]
    try:
        if request.POST.get("done") == "no":
            checklists.untick(checklist=found, item=item, by=request.viewer, now=request.now)
        else:
            checklists.tick(
                checklist=found, item=item, items=items, by=request.viewer, now=request.now
            )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    anchors = {} if isinstance(path, Problem) else {one.key: one.anchor for one in path.items}
    return redirect(f"{reverse('portal:checklist', args=[found.pk])}#{anchors.get(item, '')}")


@require_POST
@for_members
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    checklists.remove(checklist=found, by=request.viewer, now=request.now)
    messages.success(request, _("The upgrade is kept no longer."))
    return redirect("portal:upgrades")


def _keep(request: MemberRequest) -> HttpResponse:
    """Keep the path of the form; what is wrong with it is told on its own page."""
    product = Product.objects.filter(key=request.POST.get("product", "").replace("\0", "")).first()
    form = UpgradeForm(request.POST, product=product)
    access.require(request.viewer, "checklist.keep", request.organization.pk)
    if not form.is_valid() or product is None or form.first is None:
        return _back(request, form)
    platform, on = form.cleaned_data["platform"], request.now.date()
    releases = offered_versions(product, platform, viewer=request.viewer, on=on)
    last = form.last or newest(releases)
    found = last and read_path(
        product=product,
        platform=platform,
        first=form.first,
        last=last,
        viewer=request.viewer,
        language=languages.of_page(),
        on=on,
    )
    if last is None or not isinstance(found, ReadPath):
        return _back(request, form)
    try:
        made = checklists.keep(
            organization=request.organization,
            by=request.viewer,
            now=request.now,
            product=product,
            platform=platform,
            first=form.first,
            last=last,
            items=[item.key for item in found.items],
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("portal:upgrades")
    return redirect("portal:checklist", made.pk)


def _back(request: MemberRequest, form: UpgradeForm) -> HttpResponse:
    """To the page of the path, with a sentence: it tells what is wrong at each field."""
    problems = [str(error) for errors in form.errors.values() for error in errors]
    messages.error(request, " ".join(problems) or _("There is no such way: choose again."))
    return redirect("docs:upgrade", languages.of_page())


def _visible(request: MemberRequest, pk: int) -> UpgradeChecklist:
    rows = UpgradeChecklist.objects.visible_to(request.viewer)
    return get_object_or_404(rows.select_related("product", "organization"), pk=pk)


def _path(request: MemberRequest, found: UpgradeChecklist) -> ReadPath | Problem:
    return read_path(
        product=found.product,
        platform=found.platform,
        first=versions.parse(found.from_version),
        last=versions.parse(found.to_version),
        viewer=request.viewer,
        language=languages.of_page(),
        on=request.now.date(),
    )


def _sections(
    path: ReadPath, found: UpgradeChecklist, ticks: dict[str, ChecklistTick]
) -> list[Section]:
    known = set(found.known)
    return [
        Section(
            step,
            [
                Line(item, ticks.get(item.key), item.key not in known and item.key not in ticks)
                for item in step.items
            ],
        )
        for step in path.steps
    ]
