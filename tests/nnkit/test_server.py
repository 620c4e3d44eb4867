"""The extension of the Jupyter server, on a real connection and where Jupyter looks for it."""

import asyncio
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nnkit import server

tornado_web = pytest.importorskip("tornado.web")
tornado_websocket = pytest.importorskip("tornado.websocket")
pytest.importorskip("jupyter_server")


class Connection:
    """As much of Jupyter's as the extension touches."""

    def __init__(self, websocket_handler) -> None:
        self.websocket_handler = websocket_handler

    def connect(self) -> str:
        return "connected"


def delayed(connection_class: type) -> bool:
    """Open a page's connection to a server, and return whether small messages wait."""
    found = []

    class Handler(tornado_websocket.WebSocketHandler):
        def open(self) -> None:
            assert connection_class(self).connect() == "connected"
            of_system = self.ws_connection.stream.socket
            found.append(of_system.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0)

    async def connect() -> None:
        listening = tornado_web.Application([("/", Handler)]).listen(0, "127.0.0.1")
        (port,) = {s.getsockname()[1] for s in listening._sockets.values()}
        page = await tornado_websocket.websocket_connect(f"ws://127.0.0.1:{port}/")
        while not found:
            await asyncio.sleep(0.01)
        page.close()
        listening.stop()

    with ThreadPoolExecutor(1) as thread:  # in this one playwright may have a loop that runs
        thread.submit(asyncio.run, asyncio.wait_for(connect(), 60)).result()
    return found[0]


def test_small_messages_do_not_wait() -> None:
    assert delayed(Connection)  # as Jupyter leaves it
    assert not delayed(server.without_delay(Connection))


STARTED = """
from jupyter_server.serverapp import ServerApp

app = ServerApp()
app.initialize(argv=["--allow-root", "--port=0", "--ServerApp.root_dir=."])
print(app.web_app.settings["kernel_websocket_connection_class"].__mro__)
"""


def test_a_server_that_starts_finds_the_extension(tmp_path: Path) -> None:
    folders = {
        f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    done = subprocess.run(
        [sys.executable, "-c", STARTED],
        env={**os.environ, **folders},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert "nnkit.server.without_delay" in done.stdout
    assert "ZMQChannelsWebsocketConnection" in done.stdout
