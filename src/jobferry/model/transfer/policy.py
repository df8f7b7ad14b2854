"""The options that decide an import, and the three named presets of them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.mapping import Mapping


class Duplicates(StrEnum):
    """What happens to an object whose like is there already."""

    SKIP = "skip"
    OVERWRITE = "overwrite"
    FAIL = "fail"
    COPY = "copy"
    """It stays as it is, and the package's comes in beside it under another name, as another object."""


class Match(StrEnum):
    """How a package's object finds the one that it is here."""

    UID_THEN_NAME = "uid-then-name"
    NAME = "name"


class DirectoryPolicy(StrEnum):
    """Where new objects go; what is there already keeps its place in either case."""

    PACKAGE = "package"
    CHOSEN = "chosen"


class MissingReference(StrEnum):
    """What a reference that nothing here satisfies does to its job."""

    BLOCK = "block"
    HOLD = "hold"


class UnknownInventory(StrEnum):
    """What a reference does whose kind was never filled into the inventory, nor accepted as a whole."""

    WARN = "warn"
    HOLD = "hold"
    """Its object lands held, until somebody says that the thing is here."""
    BLOCK = "block"
    """It counts as missing."""


class Outcome(StrEnum):
    """Whether a failing object takes the whole package with it."""

    JOB = "job"
    PACKAGE = "package"


class TargetStatus(StrEnum):
    """What an imported job or script becomes. Without review, production is the same as submitted."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    PRODUCTION = "production"


class TargetEdited(StrEnum):
    """What happens to an object that somebody edited since it was last imported from where it comes from."""

    OVERWRITE = "overwrite"
    BLOCK = "block"


class Undocumented(StrEnum):
    """What a value does that the service does not document, or lacks although it documents it as required."""

    WARN = "warn"
    BLOCK = "block"


class LockPolicy(StrEnum):
    """Who may take or release a lock that somebody else holds: whoever may lock, or only the heads."""

    SOFT = "soft"
    HARD = "hard"


class ZoneMode(StrEnum):
    """What another time zone does to schedules: nothing, the same wall clock there, or the same instants."""

    KEEP = "keep"
    RELABEL = "relabel"
    CONVERT = "convert"


class RouteChoice(StrEnum):
    """Whether an import goes by the route that is saved for its source: not, if there is one, or it must.

    ``USED`` is said of options that a route's are among already: no route is asked for again.
    """

    OFF = "off"
    SAVED = "saved"
    REQUIRED = "required"
    USED = "used"


class ImportAct(StrEnum):
    """What an import is done as. Whoever imports says it; the package never tells.

    Three acts are entries of the service's pages, with their own limits and conditions; the last is
    Jobferry's own, which holds a package to the package limits and asks for nothing else.
    """

    JOB = "import-job"
    """*Import Job*: the limits ``factory_*``; what the Factory API's import always is."""
    WORKSPACE_JOB = "import-workspace-job"
    """*Import Workspace Job*: only into a workspace with change management."""
    BATCH_PACKAGE = "import-batch-package"
    """*Import batch task package*: only where ``batch_imports`` is on, by owner and administrators."""
    PACKAGE = "import-package"


class Profile(StrEnum):
    """A named preset of all options."""

    FACTORY = "factory"
    EASYDATA = "easydata"
    STRICT = "strict"


NO_TAG = "off"
"""Said in place of the failed tag where jobs get none."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """All options together; the defaults are the ``factory`` profile.

    ``failed_tag`` marks jobs that are here and that an import could not overwrite.
    """

    duplicates: Duplicates = Duplicates.SKIP
    match: Match = Match.UID_THEN_NAME
    directory: DirectoryPolicy = DirectoryPolicy.PACKAGE
    missing: MissingReference = MissingReference.BLOCK
    unknown_inventory: UnknownInventory = UnknownInventory.HOLD
    outcome: Outcome = Outcome.JOB
    target_status: TargetStatus = TargetStatus.SUBMITTED
    must_be_stopped: bool = True
    target_edited: TargetEdited = TargetEdited.OVERWRITE
    undocumented: Undocumented = Undocumented.WARN
    lock_policy: LockPolicy = LockPolicy.SOFT
    failed_tag: str = "import_failed"


PROFILES = {
    Profile.FACTORY: Policy(),
    Profile.EASYDATA: Policy(
        duplicates=Duplicates.OVERWRITE,
        directory=DirectoryPolicy.CHOSEN,
        unknown_inventory=UnknownInventory.BLOCK,
        outcome=Outcome.PACKAGE,
        target_status=TargetStatus.SAVED,
        must_be_stopped=False,
        failed_tag=NO_TAG,
    ),
    Profile.STRICT: Policy(
        duplicates=Duplicates.OVERWRITE,
        unknown_inventory=UnknownInventory.BLOCK,
        outcome=Outcome.PACKAGE,
        target_status=TargetStatus.SAVED,
        target_edited=TargetEdited.BLOCK,
        undocumented=Undocumented.BLOCK,
        lock_policy=LockPolicy.HARD,
        failed_tag=NO_TAG,
    ),
}


class ObjectRule(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for some objects of a package; ``None`` leaves it to the import.

    It is about objects that fit all that is said: in or below the directory, named so (``*`` and ``?`` stand
    for any letters and any letter), of the kind, with the tag. The mapping goes before that of the import.
    """

    directory: str | None = None
    name: str | None = None
    kind: ObjectKind | None = None
    tag: str | None = None
    duplicates: Duplicates | None = None
    target_status: TargetStatus | None = None
    mapping: Mapping = Mapping()


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a caller can say about one import. ``None`` leaves an option to the workspace.

    ``params`` and ``job_params`` set values of parameters that the jobs define; a job's own wins.
    ``directory`` is where new objects go; ``time_zone`` is that of all schedules, relabelled unless
    ``zone_mode`` says otherwise. Of the ``rules`` the first that fits an object holds for it. ``approvers``
    are asked where the workspace wants a review. ``hold`` names things that may be missing, whatever
    ``missing`` says: what refers to them lands held. ``copy_name`` is what copies are called, with
    ``{name}`` for the name in the package. ``route`` is answered before anything else: then the options are
    those of the route, with these before them. ``apply_deletions`` confirms that what the source has deleted
    goes too; ``delete`` confirms only the objects of these names here, by kind.
    ``act`` is what the import is done as; a route never says it.
    """

    duplicates: Duplicates | None = None
    target_status: TargetStatus | None = None
    outcome: Outcome | None = None
    missing: MissingReference | None = None
    unknown_inventory: UnknownInventory | None = None
    directory: str | None = None
    time_zone: str | None = None
    zone_mode: ZoneMode | None = None
    execute_user: str | None = None
    expect_digest: str | None = None
    params: dict[str, str] = {}
    job_params: dict[str, dict[str, str]] = {}
    mapping: Mapping = Mapping()
    hold: dict[NeedKind, tuple[str, ...]] = {}
    rules: tuple[ObjectRule, ...] = ()
    approvers: tuple[str, ...] = ()
    copy_name: str | None = None
    route: RouteChoice = RouteChoice.OFF
    apply_deletions: bool = False
    delete: dict[ObjectKind, tuple[str, ...]] = {}
    act: ImportAct = ImportAct.PACKAGE

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        """The mapping of the import, and those of single rules."""
        return (self.mapping, *(rule.mapping for rule in self.rules if rule.mapping))

    @property
    def deletes(self) -> bool:
        """Whether anything that the source has deleted may go here."""
        return self.apply_deletions or any(self.delete.values())

    def confirms(self, kind: ObjectKind, name: str) -> bool:
        """Whether it was said that an object goes, since its source has deleted it."""
        return self.apply_deletions or name in self.delete.get(kind, ())

    @property
    def rewrites(self) -> bool:
        """Whether any document may be written otherwise than it comes."""
        said = self.params or self.job_params or self.mapping or self.rules
        return self.renames or bool(said) or self.time_zone is not None

    @property
    def sets_parameters(self) -> bool:
        """Whether values of parameters are among them. They may be secrets, so they are kept sealed."""
        return bool(self.params or self.job_params) or any(one.parameters for one in self.mappings)

    @property
    def renames(self) -> bool:
        """Whether any reference may read differently here."""
        mapping = self.mapping
        return bool(mapping.names or mapping.copies) or self.execute_user is not None

    def copies(self, policy: Policy) -> bool:
        """Whether anything that is here may come in as a copy."""
        chosen = {self.decide(policy).duplicates, *(rule.duplicates for rule in self.rules)}
        return Duplicates.COPY in chosen

    def over(self, other: ImportOptions) -> ImportOptions:
        """Both together; where both say something, these hold, and of the rules these are asked first."""
        unsaid = {name: getattr(other, name) for name in _SINGLE if getattr(self, name) is None}
        jobs = other.job_params.keys() | self.job_params.keys()
        return msgspec.structs.replace(
            self,
            **unsaid,
            params=other.params | self.params,
            job_params={
                job: other.job_params.get(job, {}) | self.job_params.get(job, {}) for job in sorted(jobs)
            },
            mapping=self.mapping.over(other.mapping),
            hold=self._held(other),
            rules=(*self.rules, *other.rules),
            approvers=self.approvers or other.approvers,
        )

    def _held(self, other: ImportOptions) -> dict[NeedKind, tuple[str, ...]]:
        kinds = sorted(other.hold.keys() | self.hold.keys())
        return {kind: tuple(sorted({*other.hold.get(kind, ()), *self.hold.get(kind, ())})) for kind in kinds}

    def decide(self, policy: Policy) -> Policy:
        """The workspace's policy with this import's own choices in it."""
        chosen = {
            name: value
            for name in ("duplicates", "target_status", "outcome", "missing", "unknown_inventory")
            if (value := getattr(self, name)) is not None
        }
        if self.directory is not None:
            chosen["directory"] = DirectoryPolicy.CHOSEN
        return msgspec.structs.replace(policy, **chosen)


_SINGLE = tuple(
    name
    for name, default in zip(ImportOptions.__struct_fields__, ImportOptions.__struct_defaults__, strict=True)
    if default is None
)
"""The options of which only one of two can hold."""
