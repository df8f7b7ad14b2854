"""What functions of the native API take first: who asks, and for what they have to be signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from jobferry.api.calls import Asked
from jobferry.api.languages import LANGUAGE_PARAMETER
from jobferry.errors import ErrorCode, InvalidRequest, Unauthenticated
from jobferry.model.messages import Language
from jobferry.model.messages.reader import Reader
from jobferry.model.people import Caller, Grant

if TYPE_CHECKING:
    from jobferry.bootstrap.platform import RunningPlatform
    from jobferry.model.records import Workspace
    from jobferry.services.people.sign_in import SignedRequest


@dataclass(frozen=True)
class Unsigned:
    """A call for which nobody has to be signed in."""

    needs_sign_in: ClassVar[bool] = False
    described: ClassVar[tuple[dict[str, Any], ...]] = (LANGUAGE_PARAMETER,)

    platform: RunningPlatform
    origin: str = ""
    reader: Reader = field(default_factory=Reader)

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Anybody may ask."""
        return cls(asked.platform, asked.origin, asked.reader)


@dataclass(frozen=True)
class JsonOnly(Unsigned):
    """The same for what no form may say: pages of other sites can send forms here, but no JSON, and so sign
    their readers in as somebody else."""

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: InvalidRequest: the body is not said to be JSON."""
        if asked.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "Content-Type is not application/json",
                subject="Content-Type",
                hint="send name and password as JSON, with that header",
            )
        return super().of(asked)


@dataclass(frozen=True)
class Visitor(Unsigned):
    """A call of somebody who may be signed in or not."""

    request: SignedRequest | None = None

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """The same, with what may sign its sender in."""
        return cls(asked.platform, asked.origin, asked.reader, asked.wire)

    def caller(self) -> Caller | None:
        """Who asks, if they are signed in."""
        if self.request is None or not self.platform.signing.is_tried(self.request):
            return None
        try:
            return self.platform.signing.authenticate(self.request, self.origin)
        except Unauthenticated:
            return None


@dataclass(frozen=True)
class Call:
    """A signed-in call, in the language of its caller."""

    needs_sign_in: ClassVar[bool] = True
    described: ClassVar[tuple[dict[str, Any], ...]] = (LANGUAGE_PARAMETER,)

    platform: RunningPlatform
    caller: Caller
    reader: Reader

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """The caller has been found out already."""
        return cls(asked.platform, asked.signed_in(), asked.reader)

    @property
    def language(self) -> Language:
        """The language that the caller reads."""
        return self.reader.language


@dataclass(frozen=True)
class InSession(Call):
    """A signed-in call about its own session."""

    request: SignedRequest

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """The same, with the request that carries the session's cookie."""
        return cls(asked.platform, asked.signed_in(), asked.reader, asked.wire)


@dataclass(frozen=True)
class AboutReceipt(Call):
    """A signed-in call about a receipt, in the words of the workspace that it is of."""

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: NotFound: there is no receipt of that id that the caller is to see."""
        caller, reader = asked.signed_in(), asked.reader
        if reader.is_console:
            reader = reader.inside(asked.platform.reports.profile(caller, asked.parts["receipt_id"]))
        return cls(asked.platform, caller, reader)


@dataclass(frozen=True)
class AboutTask(Call):
    """A signed-in call about a task, in the words of the workspace that it is of."""

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: NotFound: there is no task of that id that the caller is to see."""
        caller, reader = asked.signed_in(), asked.reader
        if reader.is_console:
            reader = reader.inside(asked.platform.tasks.profile(caller, asked.parts["task_id"]))
        return cls(asked.platform, caller, reader)


@dataclass(frozen=True)
class Placed(Call):
    """A call about one workspace, and what its caller may do there."""

    grant: Grant
    client: str = ""
    """What the caller says they ask with, such as ``cli`` or ``console``."""

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: NotFound: there is no workspace of that id or name that the caller may enter."""
        caller = asked.signed_in()
        grant = asked.platform.workspaces.enter(asked.parts["workspace"], caller)
        reader = asked.reader.inside(grant.workspace.settings.get("profile", ""))
        return cls(asked.platform, caller, reader, grant, asked.header("X-Client"))

    @property
    def workspace(self) -> Workspace:
        return self.grant.workspace
