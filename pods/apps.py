"""The pods app."""

from django.apps import AppConfig


class PodsConfig(AppConfig):
    """Pods, calls, waves and answers."""

    name = "pods"
    label = "pods"
