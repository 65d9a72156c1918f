"""The smallest page that shows a ticket's events live; `live_settings` adds it to Vigil."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from accounts.models import Event
from portal.urls import urlpatterns as portal_urls

PAGE = """{% load static %}<!DOCTYPE html>
<html lang="en">
  <head>
    <title>Live</title>
    <link rel="icon" href="{% static 'favicon.svg' %}">
    <link rel="stylesheet" href="{% static 'css/utilities.css' %}">
  </head>
  <body data-live-url="{{ live_url }}" {% if after %}data-live-after="{{ after }}"{% endif %}>
    <p data-live-status data-live-text="Live" data-reconnecting-text="Reconnecting"
       data-ended-text="Ended"></p>
    <p id="announcer" class="visually-hidden" aria-live="polite"></p>
    {% for line in filler %}<p>Line {{ forloop.counter }}</p>{% endfor %}
    {{ section }}
    {% for line in filler %}<p>Line {{ forloop.counter }}</p>{% endfor %}
    <script defer src="{% static 'vendor/idiomorph-0.8.0.min.js' %}"></script>
    <script type="module" src="{% static 'js/live.js' %}"></script>
  </body>
</html>"""
SECTION = """<section id="ticket" data-live data-live-ticket="{{ ticket }}"
    data-live-src="/live-test/{{ ticket }}/">
  <ol>{% for event in events %}
    <li id="event-{{ event.pk }}" data-announce="{{ event.verb }}">{{ event.verb }}</li>
  {% endfor %}</ol>
  <details id="more"><summary>More</summary>Facts</details>
  <form id="reply"><textarea name="body"></textarea><input name="subject" value="given"></form>
</section>"""


def live_page(request: HttpRequest, ticket: int) -> HttpResponse:
    visible = Event.objects.visible_to(request.viewer)
    newest = visible.order_by("-id").values_list("pk", flat=True).first()
    context = {"ticket": ticket, "events": visible.about(f"ticket/{ticket}")}
    section = engines["django"].from_string(SECTION).render(context, request)
    if request.headers.get("HX-Request"):
        return HttpResponse(section)
    context = {
        "section": section,
        "live_url": settings.LIVE_URL,
        "after": "" if request.GET.get("placeless") else newest,
        "filler": range(80),
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("live-test/<int:ticket>/", live_page), *portal_urls]
