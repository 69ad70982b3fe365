"""How a person is reached: their channels, and what a message on each of them says."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import gate
from commons.notices import access, queries
from commons.notices.actions import channels as actions
from commons.notices.forms import ChannelForm
from commons.notices.models import Channel


@gate.signed_in
def channels(request: HttpRequest) -> HttpResponse:
    """Every kind of channel that this server can carry, and the person's own."""
    rows = [
        {
            "way": way,
            "form": way.channel
            and ChannelForm(
                initial={"safe_line_in_message": way.channel.safe_line_in_message}, auto_id=f"id_{way.kind}_%s"
            ),
        }
        for way in queries.ways(request.user)
    ]
    return render(request, "notices/channels.html", {"rows": rows})


@gate.permit(access.CHANGE_CHANNEL, fetch=queries.channels_of, by="ref", methods=("POST",))
def channel_line(request: HttpRequest, channel: Channel) -> HttpResponse:
    """Whether the safe line stands in the message."""
    form = ChannelForm(request.POST)
    if form.is_valid():
        actions.put_line(channel=channel, in_message=form.cleaned_data["safe_line_in_message"])
        messages.success(request, _("Kept. It holds from the next message on."))
    return redirect("channels")


@gate.permit(access.CHANGE_CHANNEL, fetch=queries.channels_of, by="ref", methods=("POST",))
def channel_again(request: HttpRequest, channel: Channel) -> HttpResponse:
    """Use a channel again that was given up."""
    actions.try_again(channel=channel)
    messages.success(request, _("The next message goes this way again."))
    return redirect("channels")
