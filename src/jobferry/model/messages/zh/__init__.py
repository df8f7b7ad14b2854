"""The Chinese catalogue of sentences, by what they are about."""

from __future__ import annotations

from jobferry.model.messages.zh import (
    api,
    asset_backups,
    backups,
    cli,
    extra,
    packages,
    platform,
    services,
    stores,
    transfer,
)

SENTENCES: dict[str, str] = {
    **api.SENTENCES,
    **asset_backups.SENTENCES,
    **backups.SENTENCES,
    **cli.SENTENCES,
    **extra.SENTENCES,
    **packages.SENTENCES,
    **platform.SENTENCES,
    **services.SENTENCES,
    **stores.SENTENCES,
    **transfer.SENTENCES,
}
