"""A person's own word on how a channel is used."""

from django.db import transaction

from commons.notices.models import Channel


@transaction.atomic
def put_line(*, channel: Channel, in_message: bool) -> None:
    """Put the safe line into the messages on this channel, or behind the link."""
    Channel.objects.filter(pk=channel.pk).update(safe_line_in_message=in_message)


@transaction.atomic
def try_again(*, channel: Channel) -> None:
    """Use a channel again that was given up because messages came back."""
    Channel.objects.filter(pk=channel.pk).update(disabled_at=None, disabled_why="")
