"""Sentences are in the language that a client asks for, by default in English; all else never changes."""

from typing import Any

import pytest
from rest_framework.test import APIClient

JOBS = "/scheduler/jobs"
WRONG = {"id": "x", "func": "jobs:nothing", "trigger": "cron", "crontab": "0 25 * * *"}
ENGLISH = "The hour, at character 3: 25 is more than 23."
CHINESE = "时字段，第 3 个字符：25 大于 23。"


def refuse(api: APIClient, **headers: Any) -> Any:
    response = api.post(JOBS, WRONG, format="json", headers=headers)
    assert response.status_code == 400
    return response.json()


@pytest.mark.parametrize("headers", [{}, {"accept-language": "en"}, {"accept-language": "fr,*"}])
def test_errors_are_in_english_unless_asked_otherwise(api: APIClient, headers: dict[str, str]) -> None:
    assert refuse(api, **headers)["errors"] == {"crontab": ENGLISH}


@pytest.mark.parametrize("language", ["zh-hans", "zh-CN", "zh", "zh-CN,zh;q=0.9,en;q=0.8"])
def test_errors_are_in_chinese_for_whom_asks_for_it(api: APIClient, language: str) -> None:
    answer = refuse(api, **{"accept-language": language})

    assert answer["errors"] == {"crontab": CHINESE}
    assert CHINESE in answer["error_message"]


def test_jobs_are_the_same_in_every_language(api: APIClient) -> None:
    api.post(JOBS, {**WRONG, "crontab": "0 9 * * 1-5"}, format="json")
    answers = [api.get(JOBS, headers={"accept-language": language}).json() for language in ("en", "zh-CN")]

    assert answers[0] == answers[1]
