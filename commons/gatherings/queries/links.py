"""What a link opens: a gathering for whoever holds it, or a guest's own answer."""

from commons import tokens
from commons.gatherings.models import Coming, Gathering


def open_with(token: str) -> Gathering | None:
    """Return the gathering that this public link opens, or None."""
    return Gathering.objects.with_token(token).first()


def guest_with(token: str) -> Coming | None:
    """Return what the guest said whose own link this is, or None."""
    return Coming.objects.filter(digest=tokens.digest(token)).select_related("gathering").first()
