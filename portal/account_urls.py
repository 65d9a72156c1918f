"""Addresses of accounts: team, invitations, settings. For the namespace `portal`."""

from __future__ import annotations

from django.urls import path

from portal.views import (
    hotline,
    invitation,
    invitations,
    mail_choices,
    preferences,
    running_versions,
    settings,
    team,
    tokens,
    widget_key,
)

account_urlpatterns = [
    path("team/", team.team, name="team"),
    path("team/leave/", team.leave, name="leave_team"),
    path("team/members/<int:pk>/role/", team.change_role, name="change_role"),
    path("team/members/<int:pk>/remove/", team.remove_member, name="remove_member"),
    path("team/invitations/", invitations.invite, name="invite"),
    path("team/invitations/<int:pk>/resend/", invitations.resend, name="resend_invitation"),
    path("team/invitations/<int:pk>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.update_profile, name="update_profile"),
    path("settings/mails/", mail_choices.choices, name="mails"),
    path("settings/mails/choose/", mail_choices.choose, name="choose_mails"),
    path("settings/hotline/", hotline.hotline, name="hotline"),
    path("settings/hotline/pin/", hotline.rotate_pin, name="hotline_pin"),
    path("settings/hotline/contact/", hotline.choose_contact, name="hotline_contact"),
    path("settings/tokens/", tokens.create_token, name="create_token"),
    path("settings/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("settings/widget/renew/", widget_key.renew, name="renew_widget_key"),
    path("settings/widget/off/", widget_key.turn_off, name="turn_off_widget"),
    path("settings/versions/", running_versions.versions_page, name="versions"),
    path("settings/versions/<int:pk>/forget/", running_versions.forget, name="forget_version"),
    path("settings/releases/", running_versions.release_mails_choice, name="release_mails"),
    path("organization/", preferences.switch_organization, name="switch_organization"),
    path("preferences/", preferences.set_preferences, name="set_preferences"),
]
