"""What the webhook is told of reviews and releases."""

from __future__ import annotations

import json
from typing import Any

from builders import job
from jobferry.services.operating.webhook import Webhook

from .conftest import QUIET, Office


def told(office: Office) -> dict[str, dict[str, Any]]:
    """What was to be sent, by id."""
    found = {}

    def taken(message_id: str, body: bytes, _at_s: int) -> None:
        found[message_id] = json.loads(body)

    Webhook(office.door.platform.parts.runtime, taken).deliver()
    return found


def test_a_review_that_is_asked_for(office: Office) -> None:
    id_ = office.submitted("webhook_review", "zhao", "qian")
    sent = told(office)[id_]
    assert sent["type"] == "review.requested"
    assert sent["data"] == {
        "id": id_,
        "name": "webhook_review",
        "objects": 1,
        "workspace": office.name,
        "requested_by": "lin",
        "approvers": ["zhao", "qian"],
        "note": "",
    }


def test_a_release_that_is_asked_for(enterprise: Office) -> None:
    enterprise.ask("lin", "POST", "objects/job", _job("webhook_release"), 201)
    made = enterprise.released("first", approvers=["zhao"], everything=True)
    sent = told(enterprise)[made["id"]]
    assert (sent["type"], sent["data"]["name"]) == ("release.requested", "first")
    assert sent["data"]["requested_by"] == "lin"


def test_a_save_that_is_refused_asks_nobody(office: Office) -> None:
    office.ask("lin", "POST", "objects/job", _job("webhook_refused"), 400, approver=["nobody"])
    assert told(office) == {}


def _job(name: str) -> dict[str, Any]:
    return job(name, QUIET)
