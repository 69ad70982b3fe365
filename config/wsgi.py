"""The WSGI application that gunicorn serves."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Only now: the queue reads its broker from the settings. Its first use is slow, so it is made ready at boot.
import_module("config.celery").warm()
