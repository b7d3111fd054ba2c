"""What the long lists share: filters in one form, views as links, and addresses that say all that is shown."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin
from unfold.templatetags.unfold_list import result_headers
from unfold.views import ChangeList

from scheduler.admin.filters import Filter


class FilteredList(ChangeList):
    """A list whose filters are fields of a form above it."""

    # Where a page begins is no filter.
    places: tuple[str, ...] = ()

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Leave out where the page begins."""
        chosen = super().get_filters_params(params)
        return {name: value for name, value in chosen.items() if name not in self.places}

    @property
    def filters(self) -> list[Filter]:
        """The filters that there is something to choose of."""
        return [each for each in self.filter_specs if each.options or each.kind != "select"]

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """The filters that something is chosen of, each with the address of the list without it."""
        return [
            {"title": each.title, "label": each.chosen_label, "url": self.address({each.parameter_name: None})}
            for each in self.filter_specs
            if each.value()
        ]

    @property
    def views(self) -> list[dict[str, Any]]:
        """The ready-made views, and which of them this is."""
        present = {name: values[-1] for name, values in self.get_filters_params().items()}
        return [
            {"label": label, "url": f"?{urlencode(view)}", "is_current": view == present and not self.query}
            for label, view in self.model_admin.list_views
        ]

    @property
    def headers(self) -> list[dict[str, Any]]:
        """The columns, with the addresses that sort by them, where an order costs little."""
        return [header for header in result_headers(self) if "action-checkbox" not in header["class_attrib"]]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.query or self.chosen)

    def address(self, changes: Mapping[str, Any]) -> str:
        """Return the address of this list with other parameters; None leaves one out. A new list begins anew."""
        params = {name: values for name, values in self.filter_params.items() if name not in self.places}
        params |= changes
        return f"?{urlencode({name: value for name, value in params.items() if value is not None}, doseq=True)}"


class LongList(ModelAdmin):
    """Pages of a list that may be long."""

    list_views: list[tuple[Any, dict[str, str]]] = []  # noqa: RUF012 - as Django's own options are
    show_full_result_count = False
    list_per_page = 50
    change_list_template = "scheduler/lists/list.html"
    rows_template = ""
    empty_hint: Any = ""

    class Media:
        """What the lists look like."""

        css = {"all": ("scheduler/status.css", "scheduler/lists.css")}  # noqa: RUF012 - as Django wants it

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Leave out of the address the fields that nobody filled in."""
        params = [(name, value) for name, values in request.GET.lists() for value in values]
        filled = [(name, value) for name, value in params if value]
        if request.method == "GET" and filled != params:
            return HttpResponseRedirect(f"{request.path}?{urlencode(filled)}")
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response
