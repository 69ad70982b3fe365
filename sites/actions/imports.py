"""Map files on their way: uploaded, waiting, read by a worker, done or refused in a sentence."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons import wake
from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions.map_import import Counts, write
from sites.actions.map_reader import FileUnusable, Listen, nobody, reading
from sites.models import PlaceImport, PlaceImportPart
from sites.rules.osm import clean
from sites.rules.shapes import Area, from_json
from sites.states import ImportState, Unusable

TASK = "sites.import_places"
PART = 1_000_000
# Two organizers who upload at once are counted one after the other.
ONE_BY_ONE = 7_402_119
WAITING_MOST = 3
# Longer than reading may take, and writing with it: a worker that has been away so long is gone.
LEASE = timedelta(minutes=15)
TRIES = 3


@transaction.atomic
def enqueue(*, by: Person, name: str, pieces: Iterable[bytes], area: Area | None, now: datetime) -> PlaceImport:
    """Keep an uploaded file for a worker, and wake one. Raises `Refused` when enough files wait already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_BY_ONE])
    if PlaceImport.objects.filter(state__in=(ImportState.QUEUED, ImportState.READING)).count() >= WAITING_MOST:
        raise Refused(_("Three maps wait already. Upload this one when they are read."), field="file")
    made = PlaceImport.objects.create(
        by=by, file_name=_called(name), area=area.as_json() if area else None, made_at=now
    )
    for ordinal, piece in enumerate(pieces):
        PlaceImportPart.objects.create(of=made, ordinal=ordinal, content=piece)
    wake.on_commit(TASK)
    return made


def _called(name: str) -> str:
    """Return the last part of a file's name, fit to be shown."""
    return clean(name.replace("\\", "/").rpartition("/")[2])


def import_here(*, path: Path, area: Area | None, now: datetime, listen: Listen = nobody) -> Counts:
    """Import a file of this machine at once, and remember it among the imports. Raises `FileUnusable`."""
    with reading(path, area, listen) as read, transaction.atomic():
        counts = write(read=read, area=area, now=now)
        PlaceImport.objects.create(
            file_name=_called(path.name),
            area=area.as_json() if area else None,
            state=ImportState.DONE,
            counts=counts,
            objects_read=read.objects,
            share_read=100,
            made_at=now,
            ended_at=now,
        )
    return counts


def import_next(*, now: datetime) -> bool:
    """Import the file that waits longest; return whether there was one."""
    mine = _claim(now)
    if mine is None:
        return False
    if mine.tries > TRIES:
        _refuse(mine, Unusable.STOPPED, now)
        return True
    try:
        _import(mine, now)
    except FileUnusable as unusable:
        _refuse(mine, unusable.why, now)
    return True


@transaction.atomic
def _claim(now: datetime) -> PlaceImport | None:
    free = Q(state=ImportState.QUEUED) | Q(state=ImportState.READING, lease_until__lt=now)
    mine = PlaceImport.objects.select_for_update(skip_locked=True).filter(free).order_by("id").first()
    if mine is not None:
        mine.state, mine.lease_until, mine.tries = ImportState.READING.value, now + LEASE, mine.tries + 1
        mine.objects_read, mine.share_read = 0, 0
        mine.save(update_fields=["state", "lease_until", "tries", "objects_read", "share_read"])
    return mine


def _import(mine: PlaceImport, now: datetime) -> None:
    area = from_json(mine.area) if mine.area else None
    with NamedTemporaryFile(prefix="casserole-map-") as file:
        for part in mine.parts.order_by("ordinal").values_list("content", flat=True).iterator(4):
            file.write(part)
        file.flush()

        def listen(read: int, share: int | None) -> None:
            PlaceImport.objects.filter(pk=mine.pk, tries=mine.tries).update(objects_read=read, share_read=share)

        with reading(Path(file.name), area, listen) as read:
            listen(read.objects, 100)
            with transaction.atomic():
                if _still_ours(mine):
                    counts = write(read=read, area=area, now=now)
                    _end(mine, now, state=ImportState.DONE.value, counts=counts)


def _still_ours(mine: PlaceImport) -> bool:
    """Whether no other worker took it over; held until the transaction ends."""
    ours = PlaceImport.objects.select_for_update().filter(pk=mine.pk, state=ImportState.READING, tries=mine.tries)
    return ours.first() is not None


@transaction.atomic
def _refuse(mine: PlaceImport, why: Unusable, now: datetime) -> None:
    if _still_ours(mine):
        _end(mine, now, state=ImportState.REFUSED.value, problem=why.value)


def _end(mine: PlaceImport, now: datetime, **columns: object) -> None:
    PlaceImport.objects.filter(pk=mine.pk).update(ended_at=now, lease_until=None, **columns)
    PlaceImportPart.objects.filter(of=mine).delete()
