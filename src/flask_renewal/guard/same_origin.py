"""Who may change state: requests from the same origin, or from a trusted one."""

from ..ground import events, origins
from ..ground.context import this_request
from ..ground.errors import UntrustedOriginError
from ..identity.request import has_cookie, provenance
from ..identity.services import current
from ..identity.transport import BY_BODY, transport
from .found import found_in


def check_origin(method: str | None = None) -> None:
    """Refuse a request that would change state unless it comes from the same origin or a trusted one.

    `method` is that of the request which a proxy describes, where this one only asks about it.

    Runs before anything is read from the body or the store (OWASP ASVS 5.0 §3.5.1).
    """
    source = provenance()
    if (method or this_request().method) in origins.SAFE_METHODS or origins.is_trusted(
        source, current().settings.trusted_origins
    ):
        return
    if transport() is BY_BODY and not has_cookie():  # nothing goes along by itself that a foreign page could use
        return
    if is_refused(source):
        raise UntrustedOriginError


def is_refused(source: origins.Provenance) -> bool:
    """Tell, once a request, that it comes from an untrusted origin; say whether it is refused or let through."""
    services, found = current(), found_in(this_request().environ)
    refused = services.settings.untrusted_origins == "refuse"
    if not found.is_told_of:
        found.is_told_of = True
        services.events.send(events.untrusted_origin, origin=source.origin, refused=refused)
    return refused
