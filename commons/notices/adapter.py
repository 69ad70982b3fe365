"""What django-allauth asks of us: who may sign up, and by which way its mails go out."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up by invitation; mails through the outbox."""
