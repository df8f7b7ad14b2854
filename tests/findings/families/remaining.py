"""What remains

In the profile `easydata`: what a package only names, and its user still has to see to here. Warnings, once
a kind, which the receipt keeps.
"""

from __future__ import annotations

from dataclasses import replace

from findings.example import Case, Example, File, job, resource, using

EASYDATA = {"profile": "easydata"}
_PROFILE = "told in the profile `easydata` only"


def _named(code: str, meaning: str, case: Case, **here: tuple[str, ...]) -> Example:
    inventory = {kind.replace("_", "-"): names for kind, names in here.items() if kind != "connections"}
    there = replace(case, inventory=inventory, connections=here.get("connections", ()))
    return Example(
        code=code, meaning=meaning, fails=replace(there, settings=EASYDATA), passes=there, alone=_PROFILE
    )


def _jar(location: str) -> Case:
    document = {"name": "remains-resource-files", "type": "jar", "location": location}
    return Case(files=(resource(document),), objects=("obs://known/a.jar",))


def _secret(value: str, *, emptied: bool) -> tuple[File, ...]:
    name = "remains-sensitive-values"
    made = job({"name": name, "params": [{"name": "password", "value": value}]}, uid="u")
    return (replace(made, emptied=("params", 0, "value")) if emptied else made,)


EXAMPLES = (
    _named(
        "remains-quality-monitors",
        "Quality monitors are here by name; their configuration does not travel.",
        using("remains-quality-monitors", "DataQualityMonitor", monitorName="orders"),
        quality_monitor=("orders",),
    ),
    _named(
        "remains-sync-tasks",
        "Sync tasks are here by name; their configuration does not travel.",
        using("remains-sync-tasks", "OfflineSync", syncTaskName="orders"),
        sync_task=("orders",),
    ),
    _named(
        "remains-resource-groups",
        "Resource groups are here by name; they do not travel.",
        using("remains-resource-groups", resourceGroup="offline"),
        resource_group=("offline",),
    ),
    _named(
        "remains-table-data",
        "Databases are referred to; neither tables nor their data travel.",
        using("remains-table-data", database="dw"),
    ),
    Example(
        code="remains-passwords",
        meaning="Connections are here and have no password yet: none travels.",
        fails=Case(
            files=using("remains-passwords", connectionName="dwh").files,
            connections=("dwh",),
            incomplete=("dwh",),
            settings=EASYDATA,
        ),
        passes=Case(
            files=using("remains-passwords", connectionName="dwh").files,
            connections=("dwh",),
            settings=EASYDATA,
        ),
        alone=_PROFILE,
    ),
    Example(
        code="remains-resource-files",
        meaning="Resources name files in object storage that nobody could look for: it is off or does not "
        "answer, the bucket is none that is known here, or there are too many.",
        fails=replace(_jar("obs://strange/a.jar"), settings=EASYDATA),
        passes=replace(_jar("obs://known/a.jar"), settings=EASYDATA),
        alone=_PROFILE,
    ),
    Example(
        code="remains-sensitive-values",
        meaning="Sensitive values left empty, and there is nothing here that could be kept.",
        fails=Case(files=_secret("", emptied=True), settings=EASYDATA),
        passes=Case(files=_secret("given", emptied=False), settings=EASYDATA),
        alone=_PROFILE,
    ),
)
