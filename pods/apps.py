"""The pods app."""

from django.apps import AppConfig


class PodsConfig(AppConfig):
    """Pods, calls, waves and answers."""

    name = "pods"
    label = "pods"

    def ready(self) -> None:
        """Say how a call's messages are worded."""
        from pods.queries import messages

        messages.register()
