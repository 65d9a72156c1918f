"""Where an SDK runs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Platform(models.TextChoices):
    ANDROID = "android", "Android"
    IOS = "ios", "iOS"
    WEB = "web", "Web"
    FLUTTER = "flutter", "Flutter"
    REACT_NATIVE = "react-native", "React Native"
    UNITY = "unity", "Unity"
    WINDOWS = "windows", "Windows"
    MACOS = "macos", "macOS"
    SERVER = "server", _("Server")
