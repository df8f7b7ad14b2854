"""Typical mistakes: each ends with the thing, the reason and the next step; none is accepted silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builders import job, node, script

from .conftest import zipped
from .lines import Lines, written

MISTAKES = [
