"""The REST API, on Flask-APScheduler's paths and with its manners; API.md is the contract.

Only this package knows status codes.
"""
