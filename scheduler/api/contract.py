"""What all endpoints share: the original's order of refusals, its answers, and a page for browsers."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from scheduler import conf
from scheduler.actors import acting, address_of, name_actor
from scheduler.api.http import BrowsersGetHtml, ContractRenderer, ReadableRenderer


class ContractViewSet(ViewSet):
    """A view set with the original's manners. `permissions` names the permission that each action needs.

    `title` and `about` are what a browser shows above the answer.
    """

    renderer_classes = (ContractRenderer, ReadableRenderer)
    content_negotiation_class = BrowsersGetHtml
    permissions: ClassVar[Mapping[str, str]]
    title: ClassVar[str | Promise]
    about: ClassVar[str | Promise] = ""

    def get_view_name(self) -> str:
        """Return the title in the reader's language, where the framework would show the class's name."""
        return str(self.title)

    def get_view_description(self, html: bool = False) -> str:
        """Return what there is to know in the reader's language, where the framework would show the docstring."""
        return str(self.about)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let what a request does be done by whoever sends it."""
        with acting(source="rest", address=address_of(request.META, trusts_proxy=conf.trusts_proxy())):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a wrong method before asking for credentials, as the original does."""
        if request.method == "OPTIONS":
            return
        if str(request.method).lower() not in self.action_map:
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)
        name_actor(request.user.get_username())

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Answer with the Allow header only, which every answer carries."""
        return HttpResponse()
