"""Figures that move: the mathematics in Python, the drawing in a small script in the browser.

========================  ====================================================================
`slider`                  drags one value through any figure: all pictures are drawn beforehand
`learning_rate_slider`    deck B's net, trained with fifty learning rates
`Neuron`                  one neuron: weights, bias, activation, the line through the data
`Digit`                   draw a digit, look into the net that reads it, fool it
`ForwardBack`             small nets: forward, back and update, step by step, with formulas
`LearningRate`            one learning rate and fifty: the way down, the costs, where it diverges
`Optimizers`              gradient descent, momentum, RMSProp and Adam race on a surface
`Playground`              a net learns to divide points; every neuron shows what it sees
`Activations`             all activations and their slopes, and where the gradient vanishes
`Softmax`                 scores become probabilities: temperature, ties, numbers too large
========================  ====================================================================

The first two bring all their pictures along, and also move in a static page. The explorers
(subclasses of `Explorer`) ask Python at every move; where there is none, a picture stands in.
"""

from nnkit.widgets.activations import Activations
from nnkit.widgets.base import Explorer
from nnkit.widgets.controls import Button, Choice, Control, Scale, Slider, Switch, Value
from nnkit.widgets.digit import Digit
from nnkit.widgets.forward_back import ForwardBack
from nnkit.widgets.frames import FrameSlider, slider
from nnkit.widgets.learning_rate import (
    LEARNING_RATES,
    LearningRateSlider,
    learning_rate_curves,
    learning_rate_slider,
)
from nnkit.widgets.neuron import Neuron
from nnkit.widgets.optimizers import Optimizers
from nnkit.widgets.playground import Playground
from nnkit.widgets.rates import LearningRate
from nnkit.widgets.softmax import Softmax

__all__ = [
    "LEARNING_RATES",
    "Activations",
    "Button",
    "Choice",
    "Control",
    "Digit",
    "Explorer",
    "ForwardBack",
    "FrameSlider",
    "LearningRate",
    "LearningRateSlider",
    "Neuron",
    "Optimizers",
    "Playground",
    "Scale",
    "Slider",
    "Softmax",
    "Switch",
    "Value",
    "learning_rate_curves",
    "learning_rate_slider",
    "slider",
]
