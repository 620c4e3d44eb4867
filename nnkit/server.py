"""An extension of the Jupyter server: what a kernel says reaches the page at once.

Three small messages answer each move of an explorer: the kernel is busy, the new picture, the kernel
is idle. TCP sends the first and holds the second back until the browser has confirmed the first, for
which the browser takes its time: 40 ms, more than all our computing (Nagle's algorithm meets delayed
acknowledgement). Jupyter's server leaves it at that; here the delay is switched off.

Installed with the package, in ``etc/jupyter/jupyter_server_config.d``; it changes nothing else.
"""

from __future__ import annotations

from typing import Any

CONNECTION = "kernel_websocket_connection_class"


def without_delay(connection_class: type) -> type:
    """Return a kind of connection between kernel and page that sends small messages at once.

    Parameters
    ----------
    connection_class : type
        What the server uses: a subclass of jupyter_server's ``BaseKernelWebsocketConnection``.
    """

    class WithoutDelay(connection_class):
        def connect(self) -> Any:
            self.websocket_handler.set_nodelay(True)
            return super().connect()

    return WithoutDelay


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say where the extension is; the name is Jupyter's."""
    return [{"module": "nnkit.server"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Change the connections of a server that starts; the name is Jupyter's."""
    settings = app.web_app.settings
    settings[CONNECTION] = without_delay(settings[CONNECTION])
