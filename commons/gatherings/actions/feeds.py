"""A person's calendar feed: made, made anew, worded, taken back."""

from datetime import datetime

from django.db import transaction

from commons.gatherings.models import Feed
from commons.people.models import Person


@transaction.atomic
def give(*, person: Person, full_words: bool, now: datetime) -> Feed:
    """Give a person a feed with a new address; the one that they had opens nothing any more."""
    Person.objects.select_for_update().get(pk=person.pk)
    Feed.objects.filter(person=person).delete()
    feed = Feed.fresh(person=person, full_words=full_words, made_at=now)
    feed.save(force_insert=True)
    return feed


@transaction.atomic
def word(*, person: Person, full_words: bool) -> bool:
    """Let the feed of a person speak in full or in neutral words; return whether there is one."""
    return bool(Feed.objects.filter(person=person).update(full_words=full_words))


@transaction.atomic
def take_back(*, person: Person) -> bool:
    """Take a person's feed back; return whether there was one."""
    return bool(Feed.objects.filter(person=person).delete()[0])
