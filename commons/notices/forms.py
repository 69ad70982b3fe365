"""Untrusted input about channels → clean values."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ChannelForm(forms.Form):
    """Whether messages on one channel say more than that there is one."""

    safe_line_in_message = forms.BooleanField(
        required=False,
        label=_("Put the safe line into the message"),
        help_text=_(
            "The safe line says where, when and what for: “Franklin and 4th, 19:30, an interpreter”. "
            "With this, whoever can read your messages, on a locked screen or at your provider, reads it too. "
            "Without it, a message only says that neighbours need you, and the line stands behind the link."
        ),
    )
