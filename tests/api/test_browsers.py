"""A person with a browser gets pages, every other client JSON."""

import pytest
from django.contrib.auth.models import Permission, User
from django.utils.translation import override
from rest_framework.test import APIClient

from scheduler.services.jobs import create_job
from tests.api.endpoints import Endpoint, endpoints, paths

pytestmark = pytest.mark.portable

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
READING = [
    "/scheduler",
    "/scheduler/jobs",
    "/scheduler/jobs/x",
    "/scheduler/jobs/x/executions",
    "/scheduler/windows",
    "/scheduler/jobs/x/preview",
    "/scheduler/audit",
]


@pytest.fixture
def browser(administrator: User) -> APIClient:
    """A browser in which an administrator is logged in."""
    client = APIClient(headers={"Accept": BROWSER})
    client.force_login(administrator)
    create_job({"id": "x", "func": "jobs:nothing", "name": "<b>名</b>", "trigger": "interval", "hours": 1})
    return client


@pytest.mark.parametrize("path", READING)
def test_browser_gets_a_page(browser: APIClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<html" in answer.content


def test_page_shows_the_job_escaped(browser: APIClient) -> None:
    text = browser.get("/scheduler/jobs/x").content.decode()

    assert "&lt;b&gt;名&lt;/b&gt;" in text
    assert "<b>名" not in text


@pytest.mark.parametrize("path", ["/scheduler/jobs/unknown", "/scheduler/executions/5"])
def test_browser_gets_a_page_for_what_is_not_there(browser: APIClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    assert b"not found" in answer.content
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", paths())
@pytest.mark.parametrize("method", ["PUT", "GET", "POST", "PATCH", "DELETE", "OPTIONS"])
def test_every_request_of_a_browser_is_answered(browser: APIClient, path: str, method: str) -> None:
    answer = browser.generic(method, path, "{", "application/json")

    assert answer.status_code in (200, 204, 400, 404, 405)


@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
def test_anonymous_browser_is_asked_for_credentials(db: None, endpoint: Endpoint) -> None:
    answer = APIClient(headers={"Accept": BROWSER}).generic(endpoint.method, endpoint.path)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'


@pytest.mark.parametrize("path", paths())
def test_anonymous_browser_is_told_of_a_wrong_method(db: None, path: str) -> None:
    assert APIClient(headers={"Accept": BROWSER}).put(path).status_code == 405


@pytest.mark.parametrize("permission", ["view_job", "add_job"])
def test_page_of_a_user_with_one_permission_is_rendered(browser: APIClient, permission: str) -> None:
    user = User.objects.create_user("somebody")
    user.user_permissions.set(Permission.objects.filter(codename=permission))
    browser.force_login(user)

    answer = browser.get("/scheduler/jobs")

    assert answer.status_code == (200 if permission == "view_job" else 403)
    assert b"<html" in answer.content


def test_browser_that_posts_gets_a_page(browser: APIClient) -> None:
    body = {"id": "new", "func": "jobs:nothing", "trigger": "interval"}

    answer = browser.post("/scheduler/jobs", body, format="json")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/plain", "application/xml", "text/*", ""])
@pytest.mark.parametrize("path", READING)
def test_every_other_client_gets_json(browser: APIClient, path: str, accept: str) -> None:
    answer = browser.get(path, headers={"Accept": accept})

    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", READING)
def test_format_in_the_query_is_ignored(browser: APIClient, path: str) -> None:
    page = browser.get(f"{path}?format=json")
    data = browser.get(f"{path}?format=api", headers={"Accept": "*/*"})

    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert data.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/scheduler", "整个调度器。"),
        ("/scheduler/jobs", "<h1>任务</h1>"),
        ("/scheduler/jobs/x/revisions", "<h1>修订历史</h1>"),
        ("/scheduler/calendars", "工作日日历。"),
        ("/scheduler/windows", "<h1>维护窗口</h1>"),
        ("/scheduler/jobs/x/preview", "<h1>接下来的执行</h1>"),
        ("/scheduler/audit", "<h1>审计日志</h1>"),
    ],
)
def test_page_has_its_title_in_the_language_of_the_browser(browser: APIClient, path: str, said: str) -> None:
    with override("en"):
        shown = browser.get(path, headers={"accept-language": "zh-CN"}).content.decode()

    assert said in shown
