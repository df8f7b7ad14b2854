"""Every command, option and setting of the program is used by a test: the list is the program's own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cases import every_case
from commandlines import ROOT, Use, lines_of, offered, said, uses
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.model.platform_settings import PLATFORM_SETTINGS
from jobferry.model.settings import SETTINGS
