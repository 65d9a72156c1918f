"""Addresses of the API, version 1."""

from __future__ import annotations

from typing import Any, NoReturn

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from portal import api_schema as _registered  # noqa: F401  names the token in the schema
from tickets.api import TicketViewSet

router = SimpleRouter(use_regex_path=False)
router.register("tickets", TicketViewSet, basename="ticket")


class Nowhere(APIView):
    """Any other address under /api/: told in JSON, as everything here is."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        self.check_throttles(request)
        raise NotFound


app_name = "api"
urlpatterns = [
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/", include(router.urls)),
    re_path("", Nowhere.as_view(), name="nowhere"),
]
