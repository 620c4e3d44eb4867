"""PyTorch, which derives its gradients itself, gets the same numbers in float64."""

import numpy as np
import pytest

import nnkit as nn
from nnkit.activations import ACTIVATIONS
from nnkit.losses import LOSSES

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
functional = torch.nn.functional
torch.set_num_threads(1)  # these arrays are small: a second thread only waits

TORCH_ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: functional.leaky_relu(z, 0.1),
    "shifted_relu": lambda z: torch.clamp(z, min=-1),
    "parametric_relu": functional.prelu,
    "maxout": lambda z: z.reshape(z.shape[0], -1, 2).amax(dim=-1),
    "softplus": lambda z: functional.softplus(z, threshold=40),
    "elu": functional.elu,
    "swish": functional.silu,
    "softmax": lambda z: torch.softmax(z, dim=-1),
}

TORCH_LOSSES = {
    "squared_error": lambda z, a, Y: functional.mse_loss(a, Y, reduction="sum") / len(a),
    "squared_error_sum": lambda z, a, Y: functional.mse_loss(a, Y, reduction="sum"),
    "half_squared_error": lambda z, a, Y: functional.mse_loss(a, Y, reduction="sum") / len(a) / 2,
    "half_squared_error_sum": lambda z, a, Y: functional.mse_loss(a, Y, reduction="sum") / 2,
    "cross_entropy": lambda z, a, Y: functional.cross_entropy(z, Y),
    "binary_cross_entropy": lambda z, a, Y: (
        functional.binary_cross_entropy_with_logits(z, Y, reduction="sum") / len(a)
    ),
}

OPTIMIZERS = {
    "SGD": (nn.SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "Momentum": (
        nn.Momentum(0.05, beta=0.8),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8),
    ),
    "RMSProp": (
        nn.RMSProp(0.01, rho=0.85, eps=1e-6),
        lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.85, eps=1e-6),
    ),
    "Adam": (
        nn.Adam(0.01, beta1=0.8, beta2=0.95, eps=1e-6),
        lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6),
    ),
}

N = 23


class TorchNet:
    """The same net in PyTorch: its parameters at the start, functions and loss."""

    def __init__(self, net):
        self.names = [f.name for f in net.activations]
        self.loss = TORCH_LOSSES[net.loss.name]
        self.regularizer = net.regularizer
        self.layers = [self.parameters_of(layer) for layer in net.layers]
        self.parameters = [tensor for layer in self.layers for tensor in layer]

    @staticmethod
    def parameters_of(layer):
        arrays = [layer.W, layer.b]
        if layer.activation.params_per_neuron:
            arrays.append(layer.activation.slope)
        return [torch.tensor(array, requires_grad=True) for array in arrays]

    def forward(self, X):
        a = torch.from_numpy(X)
        for name, (W, b, *own) in zip(self.names, self.layers, strict=True):
            z = functional.linear(a, W, b)
            a = TORCH_ACTIVATIONS[name](z, *own)
        return z, a

    def cost(self, X, Y):
        """Return the cost of these examples, what the weights cost, and the outputs."""
        z, a = self.forward(X)
        weights = [W for W, *_ in self.layers]
        price = torch.zeros((), dtype=torch.float64)
        if isinstance(self.regularizer, nn.L1):
            price = self.regularizer.strength * sum(W.abs().sum() for W in weights)
        if isinstance(self.regularizer, nn.L2):
            price = self.regularizer.strength / 2 * sum((W**2).sum() for W in weights)
        return self.loss(z, a, torch.from_numpy(Y)), price, a

    def theta(self):
        return np.concatenate([p.detach().numpy().ravel() for p in self.parameters])

    def grad(self):
        return np.concatenate([p.grad.numpy().ravel() for p in self.parameters])


def examples(n_out, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, 4)), np.eye(n_out)[rng.integers(0, n_out, N)]


def assert_equal(ours, theirs):
    """Compare to 1e-10, relative to the largest number."""
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10 * np.abs(theirs).max())


def output_for(loss):
    return LOSSES[loss].needs.name if LOSSES[loss].needs else "tanh"


# ---------------------------------------------------------------- functions


# Parametric ReLU has parameters: whole nets test it, further down.
@pytest.mark.parametrize("name", [name for name in TORCH_ACTIVATIONS if name != "parametric_relu"])
def test_values_and_derivatives(name):
    f = ACTIVATIONS[name]
    rng = np.random.default_rng(0)
    z = 4 * rng.normal(size=(50, 6))
    z[0] = [-10_000, 10_000, -300, 300, -40, 41]
    a = f(z)
    error = rng.normal(size=a.shape)
    there = torch.tensor(z, requires_grad=True)
    theirs = TORCH_ACTIVATIONS[name](there)
    theirs.backward(torch.from_numpy(error))
    np.testing.assert_allclose(a, theirs.detach().numpy(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(f.delta(error, z, a), there.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_no_activation_is_left_out():
    assert set(TORCH_ACTIVATIONS) == {name for name, f in ACTIVATIONS.items() if f.trainable}
    assert set(TORCH_LOSSES) == set(LOSSES)


@pytest.mark.parametrize("scale", [1, 1e4])
@pytest.mark.parametrize("name", LOSSES)
def test_values_and_deltas_of_losses(name, scale):
    loss = LOSSES[name]
    f = ACTIVATIONS[output_for(name)]
    z = scale * np.random.default_rng(0).normal(size=(N, 3))
    _, Y = examples(3)
    there = torch.tensor(z, requires_grad=True)
    theirs = TORCH_LOSSES[name](there, TORCH_ACTIVATIONS[f.name](there), torch.from_numpy(Y))
    theirs.backward()
    a = f(z)
    delta = loss.delta(z, a, Y)
    if delta is None:
        delta = f.delta(loss.error(z, a, Y), z, a)
    assert loss.value(z, a, Y) == pytest.approx(theirs.item(), rel=1e-12)
    np.testing.assert_allclose(delta, there.grad.numpy(), rtol=1e-10, atol=1e-15)


# ---------------------------------------------------------------- one step


@pytest.mark.parametrize("regularizer", [None, nn.L1(0.01), nn.L2(0.1)], ids=repr)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", TORCH_ACTIVATIONS)
def test_one_step(activation, loss, regularizer):
    net = nn.MLP(
        [4, 5, 6, 3],
        activation,
        output_for(loss),
        loss,
        regularizer=regularizer,
        init="uniform",
        seed=1,
        dtype="float64",
    )
    twin = TorchNet(net)
    X, Y = examples(3)
    net.forward(X)
    net.backward(Y)
    cost, price, a = twin.cost(X, Y)
    (cost + price).backward()
    assert_equal(net.layers[-1].a, a.detach().numpy())
    assert net.evaluate(X, Y).loss == pytest.approx((cost + price).item(), rel=1e-12)
    assert_equal(net.grad, twin.grad())
    nn.SGD(0.5).step(net)
    torch.optim.SGD(twin.parameters, lr=0.5).step()
    assert_equal(net.theta, twin.theta())


# ---------------------------------------------------------------- one epoch

DESIGNS = {
    "deck A": ([4, 5, 6, 3], "sigmoid", "softmax", "cross_entropy", None),
    "relus": ([4, 8, 5, 3], "relu", "softmax", "cross_entropy", nn.L2(0.01)),
    "labels": ([4, 5, 3], "tanh", "sigmoid", "binary_cross_entropy", nn.L1(0.001)),
    "regression": ([4, 6, 3], ["swish"], "linear", "half_squared_error", None),
    "deck B": ([4, 3, 3], "sigmoid", "sigmoid", "half_squared_error_sum", None),
    "all kinds": (
        [4, 5, 5, 4, 4, 3],
        ["parametric_relu", "maxout", "elu", "softplus"],
        "linear",
        "squared_error",
        nn.L2(0.01),
    ),
}


@pytest.mark.parametrize("batch_size", [1, 10, N])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("design", DESIGNS)
def test_two_epochs(design, optimizer, batch_size):
    sizes, activation, output, loss, regularizer = DESIGNS[design]
    ours, make_theirs = OPTIMIZERS[optimizer]
    net = nn.MLP(sizes, activation, output, loss, regularizer=regularizer, seed=1, dtype="float64")
    before = net.theta.copy()
    twin = TorchNet(net)
    theirs = make_theirs(twin.parameters)
    X, Y = examples(3)
    history = net.fit(X, Y, 2, batch_size, optimizer=ours, seed=7)

    rng = np.random.default_rng(7)
    for epoch in range(2):
        order = rng.permutation(N)
        total, at_the_start = 0.0, twin.cost(X, Y)[1].item()
        for start in range(0, N, batch_size):
            rows = order[start : start + batch_size]
            cost, price, _ = twin.cost(X[rows], Y[rows])
            theirs.zero_grad()
            (cost + price).backward()
            theirs.step()
            total += cost.item() * (1 if loss.endswith("_sum") else len(rows) / N)
        assert history.loss[epoch] == pytest.approx(total + at_the_start, rel=1e-10)
    assert_equal(net.theta, twin.theta())
    assert np.abs(net.theta - before).max() > 1e-3
