"""What we ship for containers names files and settings that there are, and leaves nothing open to others."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobferry.bootstrap.settings import PlatformSettings, variable_of

DEPLOY = Path(__file__).parents[3] / "deploy"
IN_COMMANDS = {"JOBFERRY_DATA"}
"""Variables of the command line, which are no settings of a platform."""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return found


def test_containers_are_given_settings_that_there_are(services: dict[str, Any]) -> None:
    known = {variable_of(key) for key in PlatformSettings.model_fields} | IN_COMMANDS
    in_file = re.findall(r"\b(JOBFERRY_[A-Z_]+)=", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    assert len(in_file) == 2
    assert {*services["jobferry"]["environment"], *in_file} <= known


def test_only_the_balancer_is_reachable_and_from_this_machine_alone(services: dict[str, Any]) -> None:
    open_ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert open_ports == {"balancer": ["127.0.0.1:8650:8650"]}


def test_no_secret_stands_in_the_file(services: dict[str, Any]) -> None:
    given = {name: value for one in services.values() for name, value in one.get("environment", {}).items()}
    secret = {
        name: value for name, value in given.items() if re.search("KEY$|PASSWORD|SECRET|DATABASE$", name)
    }
    assert len(secret) > 4
    plain = {name for name, value in secret.items() if "${" not in value}
    assert plain == {"JOBFERRY_OBJECTS_ACCESS_KEY"}  # a name


@pytest.mark.large
def test_caddy_takes_the_balancers_file() -> None:
    assert shutil.which("caddy"), "install the Debian package caddy"
    asked = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
