"""Chinese, with moments as in English: they are ISO 8601's."""

from carnation.formats.en.formats import DATE_FORMAT, DATETIME_FORMAT

__all__ = ["DATETIME_FORMAT", "DATE_FORMAT"]
