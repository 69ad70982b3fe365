"""Pressing the buttons behind a one-tap link, and all that a press could change."""

from pods.models import AnswerEvent, Call, CallEvent, Invite

KEY = "k" * 22


def state():
    """All that an answer could change."""
    return (
        list(Invite.objects.order_by("id").values_list("id", "state", "answer", "minutes", "version")),
        list(Call.objects.order_by("id").values_list("id", "state", "version")),
        AnswerEvent.objects.count(),
        CallEvent.objects.count(),
    )


def press(client, path, say, **more):
    return client.post(path, {"say": say, "key": KEY, **more})
