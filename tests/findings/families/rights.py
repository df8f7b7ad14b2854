"""Rights

An import asks for the right to import; beyond that each object needs what saving it by hand would need.
The remedy names who could give it.
"""

from __future__ import annotations

from findings.example import Case, Example, Here, script
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role


def _script(name: str, role: Role, *, here: bool = False, directories: tuple[str, ...] | None = None) -> Case:
    there = {"name": name, "type": "Shell", "content": "1"}
    return Case(
        files=(script(there | {"content": "2", "directory": "/theirs"}),),
        here=(Here(ObjectKind.SCRIPT, there | {"directory": "/theirs"}),) if here else (),
        powers=(role,),
        directories=directories,
    )


EXAMPLES = (
    Example(
        code="not-allowed-create",
        meaning="The object would be new, and the importing user may not create its kind here.",
        fails=_script("not-allowed-create", Role.DEPLOYER),
        passes=_script("not-allowed-create", Role.DEVELOPER),
    ),
    Example(
        code="not-allowed-overwrite",
        meaning="The object would be overwritten, and the importing user may not change its kind here.",
        fails=_script("not-allowed-overwrite", Role.DEPLOYER, here=True),
        passes=_script("not-allowed-overwrite", Role.OPERATOR, here=True),
    ),
    Example(
        code="directory-not-allowed",
        meaning="The job or script would land in, or is overwritten in, a directory that a "
        "directory policy keeps "
        "from the importing user.",
        fails=_script("directory-not-allowed", Role.DEVELOPER, directories=("/mine",)),
        passes=_script("directory-not-allowed", Role.DEVELOPER, directories=("/theirs",)),
    ),
)
