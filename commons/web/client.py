"""Where a request comes from, without ever holding it: a keyed hash that changes each day."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

from commons.seal import derive


def client_key(request: HttpRequest) -> str:
    """64 characters that stand for the address today; tomorrow, others. Also what allauth gets for an address."""
    return keyed("client", _network(_address(request)))


def keyed(*parts: str) -> str:
    """A hash of the parts under today's key: of no use to whoever has the database without the key file."""
    today = datetime.now(UTC).date().isoformat()
    daily = hmac.digest(derive("rate"), today.encode(), sha256)
    return hmac.new(daily, "\0".join(parts).encode(), sha256).hexdigest()


def _address(request: HttpRequest) -> str:
    """The address that our own outermost proxy saw; whatever the client wrote into the header stands left of it."""
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= proxies:
            return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """One household: an IPv4 address, or the /64 that an IPv6 provider gives to a line."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "unknown"  # a Unix socket has no address: everybody shares one bucket then
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or f"{int(parsed) >> 64:x}")
    return str(parsed)
