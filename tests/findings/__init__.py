"""Every code of a finding with a package that has it and one that has not, run through the real check.

A family of examples is a module of ``families`` with a tuple ``EXAMPLES``; a new code is a new entry there.
"""

from __future__ import annotations

import importlib
import pkgutil

from findings import families
from findings.example import Example

FAMILIES: dict[str, tuple[str, tuple[Example, ...]]] = {}
"""By module name: what a family is about, and its examples."""

for _found in pkgutil.iter_modules(families.__path__):
    _module = importlib.import_module(f"findings.families.{_found.name}")
    FAMILIES[_found.name] = (_module.__doc__ or "", _module.EXAMPLES)

EXAMPLES = [example for _, examples in FAMILIES.values() for example in examples]
