"""The WSGI application that gunicorn serves."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Only now: the queue reads its broker from the settings. The addresses with all their pages come along, so that
# nobody's first look has to wait for them. No connection is made here: the processes that serve are forked from this.
import_module("config.celery")
get_resolver().url_patterns  # noqa: B018
