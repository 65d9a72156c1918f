"""The addresses the telephone provider calls; signed, and without a login."""

from __future__ import annotations

from django.urls import path

from portal.hotline import views

app_name = "hotline"
urlpatterns = [
    path("call/", views.begin, name="call"),
    path("call/language/", views.language, name="language"),
    path("call/pin/<int:number>/", views.pin, name="pin"),
    path("call/ended/", views.call_told, name="call_told"),
    path("call/message/", views.message, name="message"),
    path("call/message/recording/", views.message_recorded, name="message_recorded"),
    path("leg/<uuid:leg>/", views.whisper, name="whisper"),
    path("leg/<uuid:leg>/key/", views.take, name="take"),
    path("leg/<uuid:leg>/told/", views.leg_told, name="leg_told"),
    path("leg/<uuid:leg>/done/", views.dialled, name="dialled"),
    path("leg/<uuid:leg>/recording/", views.talk_recorded, name="talk_recorded"),
]
