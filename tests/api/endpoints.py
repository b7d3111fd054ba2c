"""Every endpoint there is, read from the URL configuration: a new one is tested without being named."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern

from scheduler.api.urls import urlpatterns

# What a path is of no use without.
QUERIES = {"why": "?at=2026-01-01T09:00"}
EXAMPLES = {
    "<str:job_id>": "x",
    "<int:execution_id>": "1",
    "<int:revision>": "1",
    "<str:window_name>": "x",
    "<str:name>": "x",
}


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One method on one path; `action` names the view's method, `permission` what it asks for."""

    name: str
    method: str
    path: str
    action: str
    permission: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def endpoints() -> list[Endpoint]:
    """Return all of them, for the job `x`, the execution 1, and the calendar and the window `x`."""
    return [endpoint for pattern in urlpatterns for endpoint in _endpoints_of(pattern)]


def paths() -> list[str]:
    """Return all paths."""
    return sorted({endpoint.path for endpoint in endpoints()})


def _endpoints_of(pattern: URLPattern) -> Iterator[Endpoint]:
    view = pattern.callback
    path = f"/{pattern.pattern}"
    for placeholder, value in EXAMPLES.items():
        path = path.replace(placeholder, value)
    for method, action in view.actions.items():  # type: ignore[attr-defined]
        permission = view.cls.permissions[action]  # type: ignore[attr-defined]
        whole = f"{path}{QUERIES.get(action, '')}"
        name = str(pattern.name)
        yield Endpoint(name=name, method=method.upper(), path=whole, action=action, permission=permission)
