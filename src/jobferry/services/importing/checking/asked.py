"""What is asked of an opened package: its route's options with the caller's own before them, agreed on."""

from __future__ import annotations

import msgspec

from jobferry.model.grant import Grant
from jobferry.model.transfer.policy import ImportOptions
from jobferry.package.reader import OpenPackage
from jobferry.services.ground import Ground
from jobferry.services.importing.planning import Prospect
from jobferry.services.mapping.routes import Routed, offer_of, routed
from jobferry.services.packages import needs_of
from jobferry.services.reviewing.agreeing import agreed_options


def asked_options(
    ground: Ground, grant: Grant, package: OpenPackage, options: ImportOptions, *, subject: str
) -> Routed:
    """Options that make sense together and that the caller may choose, with the route that there is.

    Raises:
        Forbidden, InvalidRequest: as for options that are said.
        NotFound: there is no route and there must be one (``route-missing``).
    """
    provenance = package.manifest.provenance if package.manifest is not None else None
    found = routed(ground, grant, provenance, options)
    return found._replace(options=agreed_options(ground, grant, found.options, subject=subject))


def with_offer(seen: Prospect, asked: Routed) -> Prospect:
    """What was seen, with what is told of the route."""
    if asked.route is None:
        return seen
    return msgspec.structs.replace(seen, route=offer_of(asked, needs_of(seen.cargo)))
