#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from newsdesk import database

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    with database.at_hand():
        execute_from_command_line(sys.argv)
