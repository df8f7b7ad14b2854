"""A process with durable background work, told what to do line by line and telling what it does.

Run as: worker.py FOLDER hold|finish SECONDS, which lie between sweeps. With *hold*, tasks never end; those
called *noting…* note progress meanwhile. After *deaf N* the task log refuses to note the next N endings.
"""

import sys
import threading
import time
from pathlib import Path

from jobferry.errors import ErrorCode, JobferryError, StoreError
from jobferry.model.task import Ending, Task, TaskKind, TaskPhase
from jobferry.services.progress import TaskProgress
from jobferry.store import TaskLog
from jobferry.tasks.durable import DurableRunner

PATIENCE_S = 60.0


class HardOfHearing(TaskLog):
    """A task log that refuses some endings, as one on a full disk does."""

    deaf = 0

    def finish(self, task_id: str, ending: Ending, *, at: int) -> None:
        if self.deaf:
            self.deaf -= 1
            raise StoreError(ErrorCode.DISK_FULL, "no room")
        super().finish(task_id, ending, at=at)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def now() -> int:
    return time.time_ns() // 1_000_000


def a_task(task_id: str) -> Task:
    return Task(
        id=task_id,
        kind=TaskKind.IMPORT,
        workspace_id="w",
        name="orders.zip",
        created_by="anne",
        started_at=now(),
        updated_at=now(),
        request=b'{"package": "p1"}',
    )


def main(folder: Path, hold: bool, sweep_every_s: float) -> None:
    def carry_out(task: Task) -> Ending:
        say("begun", task.id)
        if hold and task.id.startswith("noting"):
            while True:
                TaskProgress(log, task.id, now).note(TaskPhase.READ, 0, 1)
        if hold:
            threading.Event().wait()
        return Ending(succeeded=True, message="done")

    sys.addaudithook(lambda event, args: say("network", args) if event == "socket.connect" else None)
    database = folder / "tasks.db"
    log = HardOfHearing(str(database))
    log.prepare()
    began = time.perf_counter()
    url = f"sqlite:///{database}"
    runner = DurableRunner(log, {TaskKind.IMPORT: carry_out}, now, url, sweep_every_s)
    runner.start()
    say("started", round(time.perf_counter() - began, 3))
    for line in sys.stdin:
        command, _, word = line.strip().partition(" ")
        try:
            obey(command, word, runner, log, folder)
        except JobferryError as error:
            say("refused", error.code, error.message)
        say("ok", command)


def obey(command: str, word: str, runner: DurableRunner, log: HardOfHearing, folder: Path) -> None:
    if command == "add":
        log.add(a_task(word))
    elif command == "launch":
        task = a_task(word)
        log.add(task)
        runner.launch(task)
    elif command == "deaf":
        log.deaf = int(word)
    elif command == "sweep":
        runner._sweep()
    elif command == "left":
        while word not in runner._work.left:
            time.sleep(0.01)
    elif command == "wait":
        say("waited", runner.wait(word, PATIENCE_S))
    elif command == "forget":
        runner.forget([word])
    elif command == "second":
        DurableRunner(log, {}, now, f"sqlite:///{folder / word}").start()
    elif command == "stop":
        runner.stop(float(word))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "hold", float(sys.argv[3]))
