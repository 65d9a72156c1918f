"""Addresses of the chat widget, all below /widget: there no cookie is read."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.http import require_safe

from portal.chat_urls import chat_urls
from portal.views.chat.door import for_widget
from portal.widget import views

app_name = "widget"
urlpatterns = [
    path("widget.js", views.script, name="script"),
    path("widget/frame/", views.frame, name="frame"),
    path("widget/session/", views.sign_in, name="session"),
    path(
        "widget/chat/files/<uuid:pk>/", for_widget(require_safe(views.attached)), name="chat_file"
    ),
    path("widget/chat/", include(chat_urls(for_widget))),
]
