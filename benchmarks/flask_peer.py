"""Flask-APScheduler as its documentation sets it up: the REST API, HTTP Basic, a scheduler in the web process."""

import os

from flask import Flask
from flask_apscheduler import APScheduler
from flask_apscheduler.auth import HTTPBasicAuth


def create_app() -> Flask:
    """The WSGI application, with its scheduler started; JOB_STORE_URL says where jobs are kept, if not in memory."""
    app = Flask(__name__)
    app.config |= {"SCHEDULER_API_ENABLED": True, "SCHEDULER_AUTH": HTTPBasicAuth(), "SCHEDULER_TIMEZONE": "UTC"}
    if url := os.environ.get("JOB_STORE_URL"):
        app.config["SCHEDULER_JOBSTORES"] = {"default": {"type": "sqlalchemy", "url": url}}
    scheduler = APScheduler()
    scheduler.init_app(app)
    # As in the documentation's example: any password that matches, without a hash and without a look-up.
    scheduler.authenticate(lambda credentials: credentials["password"] == os.environ["API_PASSWORD"])
    scheduler.start()
    return app


def job1(var_one: object, var_two: object) -> None:
    """What the jobs name; none of them ever becomes due."""
