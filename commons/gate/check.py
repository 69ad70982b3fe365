"""No view without a gate: the system check that walks every address, and the list of views that others wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from commons.gate.doors import Gate

_FORM = ("GET", "POST")
_ANYBODY = Gate("public", _FORM)
_PERSON = Gate("signed_in", _FORM)

# The views of packages, which carry no gate of ours: each is here by name, with what its package does at the door.
# A view that a new release adds is not here, and the check fails until somebody has looked at it.
OF_OTHERS: dict[str, dict[str, Gate]] = {
    "allauth": {
        "account_login": _ANYBODY,
        "account_logout": _ANYBODY,
        "account_inactive": Gate("public"),
        "account_signup": _ANYBODY,
        "account_reauthenticate": _PERSON,
        "account_email": _PERSON,
        "account_email_verification_sent": _ANYBODY,
        "account_change_password": _PERSON,
        "account_set_password": _PERSON,
        "account_reset_password": _ANYBODY,
        "account_reset_password_done": Gate("public"),
        "account_reset_password_from_key": _ANYBODY,
        "account_reset_password_from_key_done": Gate("public"),
        "account_confirm_password_reset_code": _ANYBODY,
        "account_complete_password_reset": _ANYBODY,
        "account_password_reset_completed": Gate("public"),
        "account_request_login_code": _ANYBODY,
        "account_confirm_login_code": _ANYBODY,
        "mfa_index": _PERSON,
        "mfa_authenticate": _ANYBODY,
        "mfa_reauthenticate": _PERSON,
        "mfa_view_recovery_codes": _PERSON,
        "mfa_generate_recovery_codes": _PERSON,
        "mfa_download_recovery_codes": _PERSON,
        "mfa_activate_totp": _PERSON,
        "mfa_deactivate_totp": _PERSON,
        "mfa_list_webauthn": _PERSON,
        "mfa_add_webauthn": _PERSON,
        "mfa_reauthenticate_webauthn": _PERSON,
        "mfa_remove_webauthn": _PERSON,
        "mfa_edit_webauthn": _PERSON,
        "mfa_login_webauthn": _ANYBODY,
    },
    "django.views.i18n": {"set_language": Gate("public", ("POST",))},
}


@dataclass(frozen=True)
class Door:
    """One address of the house, and what stands before it."""

    route: str
    name: str | None
    view: Any
    gate: Gate | None


def every_door(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[Door]:
    """Every address, includes and all; for the check, and for the access matrix of the tests."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_door(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name}" if entry.name else None
            yield Door(route, name, entry.callback, gate_of(entry.callback, name))


def gate_of(view: Any, name: str | None) -> Gate | None:
    """The gate that hangs on a view, or the one that the list gives to a package's view."""
    while isinstance(view, partial):
        view = view.func
    gate = getattr(view, "gate", None)
    if isinstance(gate, Gate):
        return gate
    # By name *and* by origin: a view of ours can't slip through under a package's name.
    module = getattr(view, "__module__", None) or ""
    for package, gates in OF_OTHERS.items():
        if name in gates and (module == package or module.startswith(f"{package}.")):
            return gates[name]
    return None


@checks.register(checks.Tags.security)
def every_view_has_a_gate(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """``casserole.E001``: a view without a gate. It would be closed to visitors, and open to everybody signed in."""
    return [
        checks.Error(
            f"The view of '/{door.route}' has no gate.",
            hint="Decorate it with gate.public, gate.signed_in, gate.permit(…) or gate.by_link.",
            obj=f"{getattr(door.view, '__module__', '')}.{getattr(door.view, '__qualname__', door.view)}",
            id="casserole.E001",
        )
        for door in every_door()
        if door.gate is None
    ]
