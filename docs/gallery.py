"""Draw every figure of nnkit.plots for docs/gallery.md: in light, dark and grey.

    python docs/gallery.py        # writes docs/gallery/*.png and docs/gallery.md

The figures are drawn with the real functions on the built-in data, each in matplotlib's default
style, in its dark style, and in shades of grey, as a printer without colour would show it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from PIL import Image

import nnkit as nn

FOLDER = Path(__file__).parent / "gallery"
PAGE = Path(__file__).parent / "gallery.md"
DPI = 96  # small text in a figure can still be read
STYLES = {"light": "default", "dark": "dark_background"}


def deck_b_net() -> nn.MLP:
    """Return deck B's net with its initial parameters."""
    data = nn.two_three_one()
    net = nn.MLP([2, 3, 1], loss="half_squared_error_sum", dtype="float64")
    net.set_params([(data.W1, data.b1), (data.W2, data.b2)])
    return net


def network() -> Axes:
    """Deck B's 2-3-1 net before training: solid lines are positive weights, dashed ones negative."""
    return nn.plots.network(deck_b_net())


def network_wide() -> Axes:
    """Deck A's 784-16-16-10: of wide layers the first nodes are drawn."""
    return nn.plots.network(nn.MLP([784, 16, 16, 10], output="softmax", seed=0))


def trace() -> Axes:
    """Row 1 of deck B on its way through the net and back: z, a, error and delta in every node."""
    data = nn.two_three_one()
    return nn.plots.trace(nn.trace(deck_b_net(), data.X[0], data.Y[0]))


def loss_curve() -> Axes:
    """Four learning rates on deck B's data; each curve has a line style of its own."""
    data, curves = nn.two_three_one(), {}
    for rate in (0.05, 0.5, 2.0, 4.0):
        history = deck_b_net().fit(data.X, data.Y, 300, None, optimizer=nn.SGD(rate), shuffle=False)
        curves[f"learning rate {rate:g}"] = history.loss
    return nn.plots.loss_curve(curves, log=True)


def decision_boundary() -> Axes:
    """Two moons and the net that divides them: circles are class 0, triangles class 1."""
    data = nn.moons(200, noise=0.15)
    net = nn.MLP([2, 8, 1], "tanh", loss="binary_cross_entropy", seed=1)
    net.fit(data.X, data.Y, 300, 20, optimizer=nn.Adam(0.1), seed=0)
    return nn.plots.decision_boundary(net.forward, data.X, data.y)


def digits_net() -> tuple[nn.MLP, nn.Dataset]:
    """Return a net that has learned the built-in digits, and the digits."""
    data = nn.digits()
    net = nn.MLP([784, 16, 16, 10], output="softmax", loss="cross_entropy", seed=0)
    net.fit(data.X_train, data.y_train, 30, 16, optimizer=nn.SGD(0.5), seed=0)
    return net, data


def weight_pictures() -> Axes:
    """Each of 16 neurons and what it looks for in a digit: one scale, 0 in its middle."""
    net, _ = digits_net()
    return nn.plots.weight_pictures(net.layers[0].W)


def confusion_matrix() -> Axes:
    """Test digits by what they are and what they were taken for; bright is often."""
    net, data = digits_net()
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (data.y_test, net.predict(data.X_test)), 1)
    return nn.plots.confusion_matrix(counts)


FIGURES: list[Callable[[], Axes]] = [
    network,
    network_wide,
    trace,
    loss_curve,
    decision_boundary,
    weight_pictures,
    confusion_matrix,
]


def picture(draw: Callable[[], Axes], style: str) -> Image.Image:
    """Draw a figure in one of matplotlib's styles, and return it as a picture."""
    png = io.BytesIO()
    with plt.style.context(style), mpl.rc_context({"figure.dpi": DPI}):
        figure = draw().figure
        figure.savefig(png, format="png")
        plt.close(figure)
    return Image.open(png).convert("RGB")


def main() -> None:
    """Write the pictures and the page."""
    FOLDER.mkdir(exist_ok=True)
    lines = [
        "# Gallery",
        "",
        "Every figure of `nnkit.plots`, drawn by `python docs/gallery.py`: light, dark, and in grey,",
        "where signs, classes and curves must still be told apart.",
        "",
    ]
    for draw in FIGURES:
        pictures = {name: picture(draw, style) for name, style in STYLES.items()}
        pictures["grey"] = pictures["light"].convert("L")
        lines += [f"## {draw.__name__}", "", draw.__doc__ or "", ""]
        for name, image in pictures.items():
            file = f"{draw.__name__}-{name}.png"
            image.quantize(64).save(FOLDER / file, optimize=True)
            image_tag = f'<img src="gallery/{file}" width="32%" alt="{draw.__doc__} ({name})">'
            lines.append(f'<a href="gallery/{file}">{image_tag}</a>')  # a click enlarges it
        lines.append("")
    PAGE.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
