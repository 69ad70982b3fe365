"""A person: a handle, a sign-in e-mail, and how they want to be reached."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref


class PersonManager(BaseUserManager["Person"]):
    """Makes people; there are no superusers, for there is no administration site."""

    def create_user(self, email: str, handle: str, password: str | None = None, **fields: Any) -> "Person":
        """Return a new, saved person; raises IntegrityError when the e-mail is taken."""
        person = self.model(email=self.normalize_email(email).lower(), handle=handle.strip(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person who signs in with this e-mail, in whatever case it was typed."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A member of the network. A legal name is never asked; handles need not be unique."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    handle = models.CharField(_("the name you go by"), max_length=40)
    is_active = models.BooleanField(default=True)
    joined_on = models.DateField(auto_now_add=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    urgent_may_wake = models.BooleanField(_("an urgent call may wake me"), default=False)
    calls_per_week = models.PositiveSmallIntegerField(_("calls in a week at most"), default=2)
    # A date, not a time: enough to notice who left, too little to follow anyone.
    last_seen_on = models.DateField(null=True, blank=True)
    # Since when an address waits for its code; what is never proven is a stranger's, and goes.
    unproven_since = models.DateField(null=True, blank=True, editable=False)
    # Counted up to sign out everywhere: every session was signed with the number of its day.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    # Removes Django's column: a time of the last sign-in is nothing we need to know.
    last_login = None

    objects: ClassVar[PersonManager] = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="person_quiet_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must carry to be this person's: it ends with the password or the epoch."""
        salt = "commons.people.models.Person.session"
        said = f"{self.session_epoch}:{self.password}"
        return salted_hmac(salt, said, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """Return the handle: there is no other name."""
        return self.handle

    def get_short_name(self) -> str:
        """Return the handle: there is no other name."""
        return self.handle


class OrganizerTerm(models.Model):
    """A stretch of time in which a person organizes; it ends by itself."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="organizer_terms")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="term_ends_after_start"),
        ]
        indexes = [models.Index(fields=["person", "ends_on"], name="term_by_person")]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"
