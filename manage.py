#!/usr/bin/env python
"""Django's command line for Carnation."""

import os
import sys

from django.core.management import execute_from_command_line

from scheduler.actors import acting, name_of_system_user

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnation.settings")
    with acting(name=name_of_system_user(), source="command"):
        execute_from_command_line(sys.argv)
