"""Serves one platform in this process, for the tests: ``python launch.py FOLDER``.

Prints the port once it listens; ends with its standard input, so that no platform outlives its test.
"""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

import uvicorn

from jobferry.api.app import create_app
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.wiring import open_platform


def main(folder: Path) -> None:
    home = Home(folder)
    if not home.lock():
        raise home.busy()
    platform = open_platform(home, PlatformSettings(), durable=True)
    try:
        listener = socket.create_server(("127.0.0.1", 0))
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        server = uvicorn.Server(uvicorn.Config(create_app(platform), log_level="warning", access_log=False))
        threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
        server.run(sockets=[listener])
    finally:
        platform.close()


def _end_with_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
