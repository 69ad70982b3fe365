"""A server without its key file should not start and find out at the first call."""

from typing import Any

from django.core import checks

from commons.seal.errors import SealKeysMissing
from commons.seal.keys import ring


@checks.register(checks.Tags.security, deploy=True)
def the_key_file_is_there(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """``casserole.E020``: the key file is missing, open to others, or malformed."""
    try:
        ring()
    except SealKeysMissing as error:
        hint = "Make one with: (umask 077; python -m commons.seal new-key > FILE), and set SEAL_KEYS_FILE."
        return [checks.Error(str(error), hint=hint, id="casserole.E020")]
    return []
