"""The doors of export and import in the list of jobs: two buttons above it, an action, and the two pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action

from scheduler.admin.export_page import ExportForm, answer_export
from scheduler.admin.import_page import answer_import
from scheduler.exchange.writing import FORMATS
from scheduler.models import Job

LIST = "admin:scheduler_job_changelist"


class ExchangePages(ModelAdmin):
    """What the admin of jobs has for export and import."""

    actions_list = ("export", "import")

    @action(description=_("Export"), url_path="export/", icon="download", permissions=["view"])
    def export(self, request: HttpRequest) -> HttpResponse:
        """Export some jobs or all of them."""
        answer = answer_export(request)
        return answer if isinstance(answer, HttpResponse) else self._page(request, "export", _("Export jobs"), answer)

    @action(description=_("Import"), url_path="import/", icon="upload", permissions=["import"])
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Import a file: first show what it does, then do it."""
        answer = answer_import(request)
        if answer.get("is_done"):
            return HttpResponseRedirect(reverse(LIST))
        return self._page(request, "import", _("Import jobs"), answer)

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Importing adds and changes; the import itself asks for what else it does."""
        return request.user.has_perms(["scheduler.add_job", "scheduler.change_job"])

    @admin.action(description=_("Export the selected jobs"), permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Job]) -> HttpResponse:
        """Show the page of the export with these jobs."""
        ids = "\n".join(sorted(queryset.values_list("pk", flat=True)))
        form = ExportForm(initial={"ids": ids, "format": FORMATS[0]})
        return self._page(request, "export", _("Export jobs"), {"form": form})

    def _page(self, request: HttpRequest, name: str, title: Any, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"scheduler/{name}.html", {**shared, **context})


# The address is called after the method, and a method cannot be written as `import`.
setattr(ExchangePages, "import", ExchangePages.import_file)
