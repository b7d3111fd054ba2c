"""An app whose tasks the tests run; its side effects are lines in files, so that bodies can be counted."""
