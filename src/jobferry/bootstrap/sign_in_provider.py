"""The provider that signs users in, as the settings of this process name it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import ErrorCode, FilesError, InvalidRequest
from jobferry.model.group_roles import parse_group_roles
from jobferry.model.rights import Role
from jobferry.sentences import reason_of, sentence
from jobferry.services.people.provider_sign_in import ProviderSettings
from jobferry.services.people.sign_in import DAY_MS, SignInRules

if TYPE_CHECKING:
    from jobferry.oidc.provider import Provider


def sign_in_provider(settings: PlatformSettings) -> Provider | None:
    """The provider, which is not asked yet; None if the settings name none."""
    if not settings.oidc_issuer:
        return None
    from jobferry.oidc.provider import Provider

    return Provider(
        settings.oidc_issuer,
        settings.oidc_client,
        lambda: _client_secret(settings),
        patience=settings.patience,
    )


def provider_settings(settings: PlatformSettings) -> ProviderSettings:
    """What the settings say about addresses, groups and roles.

    Raises:
        InvalidRequest: the roles of groups cannot be read, or a group would make owners.
    """
    try:
        rules = parse_group_roles(settings.oidc_roles)
    except ValueError as error:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("JOBFERRY_OIDC_ROLES cannot be read: {reason}", reason=str(error)),
            subject="JOBFERRY_OIDC_ROLES",
            hint="write GROUP=operations or GROUP=WORKSPACE:ROLE, with semicolons in between",
        ) from None
    owners = next((rule for rule in rules if rule.role is Role.OWNER), None)
    if owners is not None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("JOBFERRY_OIDC_ROLES makes owners of the group {group}", group=owners.group),
            subject="JOBFERRY_OIDC_ROLES",
            hint="map it to another role, such as administrator; a workspace has one owner, who stays and "
            "is changed by hand: `jobferry member transfer`",
        )
    return ProviderSettings(
        redirect=settings.oidc_redirect,
        confirm_ms=settings.oidc_confirm_days * DAY_MS,
        groups=settings.oidc_groups,
        rules=rules,
    )


def sign_in_rules(settings: PlatformSettings) -> SignInRules:
    """Build the rules of signing in; passwords can be off only where there is a provider."""
    takes_passwords = settings.local_sign_in == "on" or not settings.oidc_issuer
    return SignInRules(takes_passwords, settings.oidc_confirm_days * DAY_MS)


def _client_secret(settings: PlatformSettings) -> str:
    """Read at each sign-in, so that a new secret needs no restart."""
    if not settings.oidc_secret_file:
        return settings.oidc_secret.get_secret_value()
    try:
        return Path(settings.oidc_secret_file).read_text().strip()
    except (OSError, UnicodeError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else sentence("it is damaged")
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence(
                "the client's secret {file} cannot be read: {reason}",
                file=settings.oidc_secret_file,
                reason=reason,
            ),
            subject=settings.oidc_secret_file,
            hint="put the secret into that file, readable by the platform's user alone",
        ) from None
