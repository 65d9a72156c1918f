"""Texts of libraries that Vigil's pages show and whose own Chinese is missing or too long.

Only named here, so that they enter our catalogue, which Django reads before theirs.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

WEEKDAYS: Final = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))

ADMIN: Final = (
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("Click to download"),
    _("Date"),
    _("Date from"),
    _("Date to"),
    _("Expand row"),
    _("From"),
    _("General"),
    _("Go back"),
    _("Image preview"),
    _("Loading more results..."),
    _("More actions"),
    _("Next"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Not enough data."),
    _("Previous"),
    _("Recent searches"),
    _("Record picture"),
    _("Reset filters"),
    _("Return to site"),
    _("Run"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("Submit"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("To"),
    _("Toggle password visibility"),
    _("Type to search"),
    _("Value"),
    _("Welcome back to"),
)
