"""Calls of a webhook: noted with what they tell of, tried until they are taken, and given up at last."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field

import msgspec
import pytest

from jobferry.model.task import Ending, Task, TaskKind
from jobferry.model.webhook import WebhookEvent
from jobferry.sentences import Sentence, sentence
from jobferry.services.operating.webhook import Webhook
from jobferry.services.people.notices import Notices
from jobferry.services.runtime import Runtime
from jobferry.store.deliveries import WaitingDeliveries
from jobferry.webhook.receiver import Receiver, secret_bytes
from receiving import SECRET, receiving

from .conftest import NOON, Crowd

DOWN = sentence("HTTP {status}", status=503)


@dataclass
class Sending:
    """Takes calls, or refuses as many as it is told to."""

    refused: int = 0
    tried: list[str] = field(default_factory=list)

    def __call__(self, message_id: str, body: bytes, at_s: int) -> Sentence | None:
        assert json.loads(body)["type"]
        assert at_s >= NOON // 1000
        self.tried.append(message_id)
        self.refused -= 1
        return DOWN if self.refused >= 0 else None


@pytest.fixture
def announcing(crowd: Crowd) -> Runtime:
    return msgspec.structs.replace(crowd.runtime, announces=True)


def announced(runtime: Runtime, *ids: str) -> None:
    with runtime.store.write() as uow:
        for one in ids:
            runtime.announce(uow, WebhookEvent.IMPORT_FINISHED, one, {"package": "数据.zip"})
        uow.commit()


def waiting(runtime: Runtime) -> WaitingDeliveries:
    with runtime.store.read() as snapshot:
        return snapshot.deliveries.waiting()


def test_what_is_taken_is_told_once(announcing: Runtime) -> None:
    announced(announcing, "a", "b")
    sending = Sending()
    Webhook(announcing, sending).deliver()
    Webhook(announcing, sending).deliver()
    assert sending.tried == ["a", "b"]
    assert waiting(announcing) == (0, 0, "")


def test_what_is_undone_with_its_transaction_is_not_told(announcing: Runtime) -> None:
    with announcing.store.write() as uow:
        announcing.announce(uow, WebhookEvent.IMPORT_FAILED, "a", {})
    assert waiting(announcing)[0] == 0


def test_without_a_webhook_nothing_is_noted(crowd: Crowd) -> None:
    announced(crowd.runtime, "a")
    assert waiting(crowd.runtime)[0] == 0


def test_what_is_refused_is_tried_again_after_longer_and_longer_pauses(
    crowd: Crowd, announcing: Runtime
) -> None:
    announced(announcing, "a")
    sending = Sending(refused=3)
    webhook = Webhook(announcing, sending)
    for pause in (0, 5, 60, 600):
        crowd.now += pause * 1000 - 1
        before = len(sending.tried)
        webhook.deliver()
        assert len(sending.tried) == before
        crowd.now += 1
        webhook.deliver()
        assert len(sending.tried) == before + 1
        if waiting(announcing)[0]:
            assert waiting(announcing) == (1, NOON, "HTTP 503")
    assert sending.tried == ["a"] * 4
    assert waiting(announcing)[0] == 0


def test_a_call_is_given_up_after_two_days(crowd: Crowd, announcing: Runtime) -> None:
    announced(announcing, "a")
    sending = Sending(refused=100)
    webhook = Webhook(announcing, sending)
    while waiting(announcing)[0]:
        webhook.deliver()
        crowd.now += 240_000
    assert len(sending.tried) == 9
    assert 46 * 3_600_000 < crowd.now - NOON < 47 * 3_600_000


def test_nobody_tries_what_another_one_is_trying(crowd: Crowd, announcing: Runtime) -> None:
    """A server that is killed in the middle of a try leaves it to the next for a minute."""
    announced(announcing, "a")
    inner = Sending()

    def killed(message_id: str, body: bytes, at_s: int) -> Sentence | None:
        Webhook(announcing, inner).deliver()
        assert inner.tried == []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Webhook(announcing, killed).deliver()
    crowd.now += 60_000
    Webhook(announcing, inner).deliver()
    assert inner.tried == ["a"]


TASK = Task(
    id="7" * 32,
    kind=TaskKind.IMPORT,
    workspace_id="",
    name="sales.zip",
    created_by="nobody-any-more",
    started_at=0,
    updated_at=0,
    request=b"",
)


@pytest.mark.parametrize(
    ("kind", "ending", "event"),
    [
        (TaskKind.IMPORT, Ending(succeeded=True, message="3 created"), "import.finished"),
        (TaskKind.IMPORT, Ending(succeeded=False, message="no", code="store-busy"), "import.failed"),
        (TaskKind.IMPORT, Ending(succeeded=False, message="no", is_cancelled=True), "import.cancelled"),
        (TaskKind.UNDO, Ending(succeeded=True, message="3 deleted"), "undo.finished"),
        (TaskKind.UNDO, Ending(succeeded=False, message="no"), "undo.failed"),
        (TaskKind.EXPORT, Ending(succeeded=True, message="3 exported"), None),
    ],
)
def test_the_end_of_an_import_is_told_whoever_began_it(
    crowd: Crowd, announcing: Runtime, kind: TaskKind, ending: Ending, event: str | None
) -> None:
    workspace = crowd.grant(crowd.anne).workspace
    task = msgspec.structs.replace(TASK, kind=kind, workspace_id=workspace.id)
    told: list[dict[str, object]] = []
    for _ in range(2):  # carried out again after a crash
        Notices(announcing).telling(lambda _: ending)(task)
    Webhook(announcing, lambda _, body, __: told.append(json.loads(body))).deliver()
    assert [one["type"] for one in told] == ([event] if event else [])
    if told:
        data = told[0]["data"]
        assert isinstance(data, dict)
        assert data["task_id"] == task.id
        assert data["receipt_id"] is None
        assert data["workspace"] == workspace.name
        assert data["begun_by"] == "nobody-any-more"
        assert (data["message"], data["code"]) == (ending.message, ending.code)
        assert told[0]["timestamp"] == "2026-11-21T12:00:00Z"


def test_a_receiver_takes_what_it_answers_with_2xx_and_nothing_else() -> None:
    for status, reason in ((204, None), (302, "HTTP 302"), (500, "HTTP 500")):
        with receiving(status) as receiver:
            sent = Receiver(receiver.url, secret_bytes(SECRET), patience=5).send("a", b'{"x": 1}', _now_s())
            assert (str(sent) if sent else None) == reason
            assert [one.id for one in receiver.calls] == ["a"]
    gone = Receiver(receiver.url, secret_bytes(SECRET), patience=5).send("a", b"{}", _now_s())
    assert "refused" in str(gone)
    assert "not-for-logs" not in str(gone)


def test_a_receiver_that_says_nothing_does_not_take_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        said = Receiver(url, secret_bytes(SECRET), patience=0.1).send("a", b"{}", _now_s())
    assert said == "timed out"


@pytest.mark.parametrize("secret", ["", SECRET.removeprefix("whsec_"), "whsec_c2hvcnQ=", f"{SECRET[:-1]}!"])
def test_a_secret_that_signs_badly_is_refused(secret: str) -> None:
    with pytest.raises(ValueError):
        secret_bytes(secret)


def _now_s() -> int:
    return int(time.time())
