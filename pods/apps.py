"""The pods app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PodsConfig(AppConfig):
    """Pods, calls, waves and answers."""

    name = "pods"
    label = "pods"
    verbose_name = _("Pods and calls")

    def ready(self) -> None:
        """Say how a call's messages are worded."""
        from commons.web import today
        from pods.queries import messages, waiting

        messages.register()
        today.source(waiting.cards)
        self._pods()

    def _pods(self) -> None:
        """Put pods on the road and on Today, word their messages, and say who is in a pod with whom."""
        from commons.people.access import is_member
        from commons.web import nav, today
        from pods.queries import cluster_words, joining_words
        from pods.queries.pods import podmates
        from sites.queries.audience import circle_from

        nav.register(_("Pods"), "pods", order=20, tempo="fast", when=is_member)
        today.source(joining_words.cards)
        joining_words.register()
        circle_from(podmates)
        today.source(cluster_words.cards)
        cluster_words.register()
