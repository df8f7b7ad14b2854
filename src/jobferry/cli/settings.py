"""Settings of the platform that this process runs, from the environment."""

from __future__ import annotations

from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import ErrorCode, InvalidRequest


def platform_settings(name: str = "") -> PlatformSettings:
    """The settings; ``name`` is what a new platform is called.

    Raises:
        InvalidRequest: a variable's value does not fit.
    """
    from pydantic import ValidationError

    try:
        return PlatformSettings(platform_name=name) if name else PlatformSettings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        variable = "JOBFERRY_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"the environment variable {variable} does not fit: {first['msg']}",
            subject=variable,
            hint=f"correct {variable}, or unset it",
        ) from None
