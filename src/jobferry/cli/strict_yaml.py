"""YAML that people hand in, read as JSON is: a key that is there twice is refused."""

from __future__ import annotations

from typing import Any

import yaml

from jobferry.sentences import sentence


class _Loader(yaml.SafeLoader):
    """A plain loader would take the last of two values and say nothing."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        if isinstance(node, yaml.MappingNode):
            self._refuse_doubled(node)
        return super().construct_mapping(node, deep)

    def _refuse_doubled(self, node: yaml.MappingNode) -> None:
        """What is merged in (``<<``) may be said again: that is what it is for."""
        lines: dict[tuple[str, str], int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.endswith(":merge"):
                continue
            said = (key.tag, key.value)
            if said in lines:
                raise yaml.MarkedYAMLError(
                    problem=sentence(
                        "the key {value} is there twice, first in line {lines}",
                        value=repr(key.value),
                        lines=lines[said],
                    ),
                    problem_mark=key.start_mark,
                )
            lines[said] = key.start_mark.line + 1


def load(text: str) -> Any:
    """What a YAML text says.

    Raises:
        yaml.YAMLError: it is none, or has a key twice in one mapping.
        ValueError, RecursionError: a value is none of its type, or it is nested too deep.
    """
    return yaml.load(text, _Loader)  # noqa: S506 - it is a safe loader
