"""The four gates that a view can have. Each marks the view with ``view.gate`` and opens Django's own lock by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_http_methods

from commons.gate.table import Permission

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=View)
Kind = Literal["public", "signed_in", "permit", "link"]
READ = ("GET",)


@dataclass(frozen=True)
class Gate:
    """What stands before a view; set on it as ``view.gate`` for the check, the headers and the access matrix."""

    kind: Kind
    methods: tuple[str, ...] = READ
    permission: Permission | None = None
    fetch: Callable[[Any], "QuerySet[Any]"] | None = None
    by: str = "ref"


def _hang(gate: Gate, view: View, inner: View) -> View:
    """Put the gate before a view: methods refused outside of it, the gate's mark on the outside."""
    if getattr(view, "gate", None) is not None:
        raise TypeError(f"{view.__module__}.{view.__qualname__} has two gates.")
    methods = [*gate.methods, *(["HEAD"] if "GET" in gate.methods else [])]
    gated: Any = wraps(view)(require_http_methods(methods)(inner))
    gated.gate = gate
    # Django's LoginRequiredMiddleware is the other lock on the same door: both must be opened by name.
    gated.login_required = gate.kind in ("signed_in", "permit")
    if gate.kind == "link":
        # Whoever posts must hold the token in the address, and no cookie counts, so there is nothing to forge. Django's
        # check would refuse every honest answer: under "no-referrer" browsers post forms with "Origin: null".
        gated.csrf_exempt = True
    return gated  # type: ignore[no-any-return]


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """The way to the sign-in page and back."""
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")


def _asks_sign_in(view: View) -> View:
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return inner


def _simple(kind: Kind, view: View | None, methods: Sequence[str]) -> Any:
    def decorate(view: View) -> View:
        return _hang(Gate(kind, tuple(methods)), view, _asks_sign_in(view) if kind == "signed_in" else view)

    return decorate if view is None else decorate(view)


@overload
def public(view: ViewT) -> ViewT: ...
@overload
def public(view: None = None, *, methods: Sequence[str] = READ) -> Callable[[ViewT], ViewT]: ...
def public(view: Any = None, *, methods: Sequence[str] = READ) -> Any:
    """Anybody may come here, signed in or not."""
    return _simple("public", view, methods)


@overload
def signed_in(view: ViewT) -> ViewT: ...
@overload
def signed_in(view: None = None, *, methods: Sequence[str] = READ) -> Callable[[ViewT], ViewT]: ...
def signed_in(view: Any = None, *, methods: Sequence[str] = READ) -> Any:
    """Whoever is signed in: a person's own pages, where nothing of anybody else's is fetched."""
    return _simple("signed_in", view, methods)


@overload
def by_link(view: ViewT) -> ViewT: ...
@overload
def by_link(view: None = None, *, methods: Sequence[str] = ("GET", "POST")) -> Callable[[ViewT], ViewT]: ...
def by_link(view: Any = None, *, methods: Sequence[str] = ("GET", "POST")) -> Any:
    """A one-tap page: the token in the address is what opens it. GET shows, POST acts; no session is read or needed."""
    return _simple("link", view, methods)


def permit(
    permission: Permission,
    fetch: Callable[[Any], "QuerySet[Any]"] | None = None,
    by: str = "ref",
    methods: Sequence[str] = READ,
) -> Callable[[View], View]:
    """Whoever the permission allows, on what ``fetch(person)`` lets her see.

    ``by`` names both the column and the part of the address. The view gets the fetched object as its second argument;
    without ``fetch`` the permission is asked about no object and the view gets none.
    """

    def decorate(view: View) -> View:
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if fetch is None:
                permission.demand(request.user)
                return view(request, *args, **kwargs)
            obj = _seen(fetch(request.user), by, kwargs.pop(by))
            permission.demand(request.user, obj)
            return view(request, obj, *args, **kwargs)

        return _hang(Gate("permit", tuple(methods), permission, fetch, by), view, _asks_sign_in(inner))

    return decorate


def _seen(visible: "QuerySet[Any]", by: str, value: Any) -> "Model":
    """The one object, or 404: the same answer for what is hidden and for what never was."""
    if isinstance(value, str) and "\x00" in value:  # PostgreSQL refuses to compare these, which would be a 500
        raise Http404
    try:
        found: Model = visible.get(**{by: value})
    except visible.model.DoesNotExist:
        raise Http404 from None
    return found
