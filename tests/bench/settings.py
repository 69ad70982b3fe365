"""The site's own settings with one view more, to measure against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
