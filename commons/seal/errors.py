"""What can be wrong with a seal. None of these carries the value, or any part of it."""


class SealError(Exception):
    """A sealed value can't be made or read; nothing was stored or shown in its place."""


class SealBroken(SealError):
    """It doesn't open here: another key, another row or column, cut short, or altered."""


class SealShredded(SealError):
    """The key of this row is gone, on purpose; what it sealed is gone with it."""


class SealKeysMissing(SealError):
    """The key file is missing, open to others, or not what it should be."""
