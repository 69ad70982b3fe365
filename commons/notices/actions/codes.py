"""Mails with a code in them: to sign in, to prove an address, to replace a password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.outbox import enqueue_letter, suppress
from commons.notices.states import Urgency
from commons.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KIND = "people.code"
LASTS = timedelta(minutes=10)
NOBODY = "nobody@example.invalid"
IGNORE = _("If you didn't ask for it, ignore this mail: nothing happens without the code.")


@dataclass(frozen=True)
class Letter:
    """What a mail says; no title names the network, a person, or what for."""

    title: "StrOrPromise"
    body: "StrOrPromise"
    # A letter to nobody is queued and withdrawn: it takes as long as one that goes out.
    goes_out: bool = True
    # Of these two, a member's goes out and a stranger's is the letter to nobody.
    members_only: bool = False


# By the name that django-allauth gives to each of its mails.
LETTERS = {
    "account/email/login_code": Letter(
        _("Your code"),
        _("The code that you asked for, good for ten minutes:\n\n{code}\n\n{ignore}"),
        members_only=True,
    ),
    "account/email/email_confirmation": Letter(
        _("Your code"), _("The code that shows that this address is yours, good for ten minutes:\n\n{code}\n\n{ignore}")
    ),
    "account/email/email_confirmation_signup": Letter(
        _("Your code"), _("The code that shows that this address is yours, good for ten minutes:\n\n{code}\n\n{ignore}")
    ),
    "account/email/password_reset_code": Letter(
        _("Your code"),
        _("The code to choose a new password, good for ten minutes:\n\n{code}\n\n{ignore}"),
        members_only=True,
    ),
    "account/email/account_already_exists": Letter(
        _("You are in already"),
        _(
            "Somebody, probably you, has just tried to join with this address. It belongs to a member already: "
            "sign in with it here, a code is enough.\n\n{link}\n\nIf it wasn't you, nothing has happened."
        ),
    ),
    "account/email/unknown_account": Letter(
        _("Your code"), _("The code that you asked for, good for ten minutes:\n\n{code}\n\n{ignore}"), goes_out=False
    ),
}


def mail(*, which: str, to: str, code: str, now: datetime) -> None:
    """Queue one of these mails, in its reader's language, ahead of everything but calls.

    Raises KeyError for a mail that isn't among them: it would go out unworded.
    """
    letter = LETTERS[which]
    if letter.members_only:
        # The package looks for a stranger twice, as an address and as a person: a member waits for the second look too.
        Person.objects.filter(email__iexact=NOBODY, is_active=True).first()
    language = Person.objects.filter(email=to.lower()).values_list("language", flat=True).first()
    subject = f"code:{secrets.token_hex(12)}"
    with translation.override(language or translation.get_language()):
        body = str(letter.body).format(
            code=code or "XXXX-XXXX", ignore=IGNORE, link=settings.SITE_URL + reverse("account_login")
        )
        with transaction.atomic():
            enqueue_letter(
                subject=subject,
                kind=KIND,
                to=to if letter.goes_out else "",
                language=translation.get_language() or settings.LANGUAGE_CODE,
                title=str(letter.title),
                body=body,
                urgency=Urgency.SIGN_IN,
                now=now,
                expires_at=now + LASTS,
            )
            # Asked of both, so that one costs what the other does; the letter that goes out has another kind.
            suppress(subject=subject, kinds=[KIND] if not letter.goes_out else [""])
