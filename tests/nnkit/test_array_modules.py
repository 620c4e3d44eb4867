"""One code for every array module: numbers equal to NumPy's, and nothing that only NumPy has.

array_api_strict stands in for a GPU. Its second device takes no NumPy function and no array of
another device; what runs there sends nothing to and fro behind one's back. PyTorch is a module of
its own kind. CuPy itself runs where there is an NVIDIA GPU; elsewhere cupy_names.txt tells whether
it has what nnkit asks for.
"""

import ast
import copy
import pickle
from collections import Counter
from pathlib import Path

import array_api_strict
import numpy as np
import pytest

import nnkit as nn
from nnkit import backend, gradcheck, losses
from nnkit.activations import ACTIVATIONS, Activation
from nnkit.losses import LOSSES, Loss
from nnkit.network import MLP

FAKE_GPU = array_api_strict.Device("device1")
PACKAGE = Path(nn.__file__).parent


class Strict:
    """array_api_strict, on one of its devices."""

    def __init__(self, device):
        self.device = array_api_strict.Device(device)

    def put(self, x):
        return array_api_strict.asarray(x, device=self.device)

    def to_numpy(self, x):
        assert x.device == self.device
        return np.asarray(array_api_strict.asarray(x, device=array_api_strict.Device("CPU_DEVICE")))


class Torch:
    """PyTorch on the CPU, as array_api_compat wraps it."""

    def __init__(self, monkeypatch):
        torch = pytest.importorskip("torch", reason="PyTorch is not installed")
        compat = pytest.importorskip("array_api_compat.torch")
        torch.set_num_threads(1)  # these arrays are small: a second thread only waits
        monkeypatch.setattr(
            torch.Tensor,
            "__array_namespace__",
            lambda self, api_version=None: compat,
            raising=False,
        )
        self.put = torch.asarray

    def to_numpy(self, x):
        return x.numpy()


class CuPy:
    """CuPy on the first GPU."""

    def __init__(self):
        cupy = pytest.importorskip("cupy", reason="CuPy is not installed")
        if not cupy.cuda.is_available():
            pytest.skip("CuPy finds no GPU")
        self.put, self.to_numpy = cupy.asarray, cupy.asnumpy


@pytest.fixture(
    params=["strict", "strict, fake GPU", "torch", pytest.param("cupy", marks=pytest.mark.gpu)]
)
def module(request, monkeypatch):
    """Give an array module with `put`, which moves arrays there, and `to_numpy`, back again."""
    if request.param == "torch":
        return Torch(monkeypatch)
    if request.param == "cupy":
        return CuPy()
    return Strict("CPU_DEVICE" if request.param == "strict" else "device1")


def examples(n=23, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 4)), rng.integers(0, 3, n)


def twins(module, *arguments, **settings):
    """Return a net on NumPy and the same net on the module."""
    settings = {"seed": 0, "dtype": "float64", **settings}
    here, there = (nn.MLP(*arguments, **settings) for _ in range(2))
    there._hold(module.put(there.theta))
    return here, there


def assert_same(module, here, there, rtol=1e-12, atol=1e-14):
    np.testing.assert_allclose(module.to_numpy(there), here, rtol=rtol, atol=atol)


def assert_same_layers(module, here, there, parts, rtol=1e-12):
    for ours, theirs in zip(here.layers, there.layers, strict=True):
        for part in parts:
            mine, other = getattr(ours, part), getattr(theirs, part)
            assert (mine is None) == (other is None)
            if mine is not None:
                assert_same(module, mine, other, rtol)


# ---------------------------------------------------------------- functions


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(module, name, dtype):
    f = ACTIVATIONS[name]
    rng = np.random.default_rng(0)
    z = (5 * rng.normal(size=(7, 4))).astype(dtype)
    z[0] = [-10_000, 10_000, 0, 0]
    a = f(z)
    error = rng.normal(size=a.shape).astype(dtype)
    there_z, there_error = module.put(z), module.put(error)
    there_a = f(there_z)
    rtol = 1e-12 if dtype is np.float64 else 1e-5
    assert there_a.dtype == there_z.dtype
    assert_same(module, a, there_a, rtol, atol=rtol)
    assert_same(module, f.derivative(z, a), f.derivative(there_z, there_a), rtol, atol=rtol)
    delta = f.delta(there_error, there_z, there_a)
    assert delta.dtype == there_z.dtype
    assert_same(module, f.delta(error, z, a), delta, rtol, atol=rtol)


@pytest.mark.parametrize("name", LOSSES)
def test_losses(module, name):
    loss = LOSSES[name]
    rng = np.random.default_rng(0)
    z, Y = rng.normal(size=(7, 3)), np.eye(3)[rng.integers(0, 3, 7)]
    a = ACTIVATIONS[loss.needs.name if loss.needs else "linear"](z)
    there = [module.put(values) for values in (z, a, Y)]
    loss.check_targets(there[2])
    assert loss.value(*there) == pytest.approx(loss.value(z, a, Y), rel=1e-12)
    assert_same(module, loss.costs(z, a, Y), loss.costs(*there))
    assert_same(module, loss.error(z, a, Y), loss.error(*there))
    delta = loss.delta(z, a, Y)
    if delta is None:
        assert loss.delta(*there) is None
    else:
        assert_same(module, delta, loss.delta(*there))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.int32])
@pytest.mark.parametrize("n_out", [1, 2, 3])
def test_class_numbers(module, dtype, n_out):
    labels = np.array([1, 0, 1, 0], dtype=dtype)
    rows = losses.targets_from_classes(module.put(labels), n_out)
    np.testing.assert_array_equal(module.to_numpy(rows), losses.targets_from_classes(labels, n_out))
    with pytest.raises(ValueError, match="expected class numbers 0 …"):
        losses.targets_from_classes(module.put(labels + 2), n_out)


def test_wrong_targets_and_inputs(module):
    _, net = twins(module, [4, 3], output="softmax", loss="cross_entropy")
    X, _ = examples()
    net.forward(module.put(X))
    with pytest.raises(ValueError, match="targets of 0 or more that sum to 1"):
        net.backward(module.put(np.ones((23, 3))))
    with pytest.raises(ValueError, match=r"expected Y of shape \(23, 3\), got \(23, 2\)"):
        net.backward(module.put(np.ones((23, 2))))
    with pytest.raises(ValueError, match=r"expected X of shape \(n, 4\), got \(5, 3\)"):
        net.forward(module.put(np.ones((5, 3))))
    X[3, 2] = np.nan
    with pytest.raises(ValueError, match="finite numbers in X, got nan or infinity in 1 places"):
        net.forward(module.put(X))
    with pytest.raises(ValueError, match="targets between 0 and 1, got -1 … 2"):
        nn.losses.binary_cross_entropy.check_targets(module.put(np.array([[-1.0, 2.0]])))


# ---------------------------------------------------------------- nets

DESIGNS = {
    "sigmoids": ([4, 5, 3], "sigmoid", "sigmoid", "squared_error"),
    "classes": ([4, 5, 6, 3], "tanh", "softmax", "cross_entropy"),
    "labels": ([4, 5, 3], "swish", "sigmoid", "binary_cross_entropy"),
    "yes or no": ([4, 5, 1], "elu", "sigmoid", "binary_cross_entropy"),
    "regression": ([4, 5, 5, 3], ["relu", "softplus"], "linear", "half_squared_error"),
    "relus": (
        [4, 5, 4, 3, 3],
        ["leaky_relu", "shifted_relu", "parametric_relu"],
        "tanh",
        "squared_error_sum",
    ),
    "maxouts": ([4, 5, 3], "maxout", "maxout", "half_squared_error_sum"),
}


def targets(design):
    """Return targets that suit the design: class numbers where it takes them."""
    _, labels = examples()
    sizes, _, output, loss = design
    if sizes[-1] == 1:
        return labels % 2
    return (
        labels if output in ("softmax", "sigmoid") and "binary" not in loss else np.eye(3)[labels]
    )


@pytest.mark.parametrize("regularizer", [None, nn.L1(0.01), nn.L2(0.01)], ids=repr)
@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_forward_and_backward(module, design, regularizer):
    here, there = twins(module, *design, regularizer=regularizer)
    X, _ = examples()
    Y = targets(design)
    assert_same(module, here.forward(X), there.forward(module.put(X)))
    here.backward(Y)
    there.backward(module.put(Y))
    assert_same(module, here.grad, there.grad)
    assert_same_layers(module, here, there, ("W", "b", "x", "z", "a", "error", "delta", "dW", "db"))
    assert_same(module, here.predict(X), there.predict(module.put(X)))
    assert there.evaluate(module.put(X), module.put(Y)) == pytest.approx(here.evaluate(X, Y))


@pytest.mark.parametrize(
    "make", [nn.SGD, nn.Momentum, nn.RMSProp, nn.Adam], ids=lambda make: make.__name__
)
@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_fit(module, design, make):
    here, there = twins(module, *design, regularizer=nn.L2(1e-3))
    X, _ = examples()
    Y = targets(design)
    histories = []
    for net, put in ((here, np.asarray), (there, module.put)):
        histories.append(
            net.fit(
                put(X),
                put(Y),
                3,
                10,
                optimizer=make(nn.inverse_decay(0.01, 0.1)),
                seed=1,
                validation=(put(X[:9]), put(Y[:9])),
                callbacks=[nn.LossBelow(0, put(X), put(Y)), nn.GradientBelow(0)],
            )
        )
    assert_same(module, here.theta, there.theta, rtol=1e-10, atol=1e-12)
    for name, numbers in histories[0].to_dict().items():
        assert histories[1].to_dict()[name] == pytest.approx(numbers, rel=1e-10), name
        assert {type(number) for number in histories[1].to_dict()[name]} == {float}


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_gradient_check(module, design):
    _, net = twins(module, *design, regularizer=nn.L2(0.1))
    X, _ = examples()
    assert nn.gradient_check(net, module.put(X[:5]), module.put(targets(design)[:5])) < 1e-7
    assert type(gradcheck.relative_error(net.theta, net.theta)) is float


def test_float32_stays_float32(module):
    here, there = twins(module, *DESIGNS["classes"], dtype="float32", regularizer=nn.L1(0.01))
    X, labels = examples()
    for net, put in ((here, np.asarray), (there, module.put)):
        net.fit(put(X), put(labels), 3, 10, optimizer=nn.Adam(0.01), seed=1)
    for values in (there.theta, there.grad, there.layers[0].z, there.layers[0].delta):
        assert module.to_numpy(values).dtype == np.float32
    assert_same(module, here.theta, there.theta, rtol=1e-4, atol=1e-5)
    assert module.to_numpy(there.copy(dtype="float64").theta).dtype == np.float64


def test_bytes_stay_bytes_until_their_turn(module):
    rng = np.random.default_rng(0)
    X, labels = rng.integers(0, 256, (23, 4), dtype=np.uint8), rng.integers(0, 3, 23)
    here, there = twins(module, *DESIGNS["classes"])
    for net, put in ((here, np.asarray), (there, module.put)):
        net.fit(put(X), put(labels), 2, 10, optimizer=nn.SGD(1e-3), seed=1)
    assert_same(module, here.theta, there.theta)
    assert_same(module, here.predict(X), there.predict(module.put(X)))


def test_data_and_parameters_from_numpy_are_taken_along(module):
    here, there = twins(module, *DESIGNS["classes"])
    X, labels = examples()
    pairs = [(np.full(layer.W.shape, 0.25), np.arange(layer.n_out)) for layer in here.layers]
    for net in (here, there):
        net.set_params(pairs)
        net.fit(X, labels, 2, 10, seed=1)
    assert_same(module, here.theta, there.theta)
    assert_same(module, here.predict(X), there.predict(X))


@pytest.mark.parametrize("duplicate", [MLP.copy, copy.deepcopy])
def test_copies_stay_where_they_are(module, duplicate):
    _, net = twins(module, *DESIGNS["relus"])
    twin = duplicate(net)
    before = module.to_numpy(net.theta).copy()
    twin.fit(module.put(examples()[0]), module.put(np.eye(3)[examples()[1]]), 1)
    np.testing.assert_array_equal(module.to_numpy(net.theta), before)
    assert (module.to_numpy(twin.theta) != before).any()


def test_pickles_stay_where_they_are(module):
    _, net = twins(module, *DESIGNS["maxouts"])
    twin = pickle.loads(pickle.dumps(net))
    np.testing.assert_array_equal(module.to_numpy(twin.theta), module.to_numpy(net.theta))


# ---------------------------------------------------------------- the fake GPU is strict


def on_fake_gpu(*arguments, **settings):
    return twins(Strict("device1"), *arguments, **settings)[1]


@pytest.mark.parametrize("function", [np.exp, np.sum, np.asarray, np.argmax, np.isfinite])
def test_numpy_does_not_work_there(function):
    with pytest.raises(RuntimeError, match=r"Can't convert array on .* device to a NumPy array"):
        function(array_api_strict.ones(3, device=FAKE_GPU))


def test_two_devices_do_not_mix():
    here, there = array_api_strict.ones(3), array_api_strict.ones(3, device=FAKE_GPU)
    with pytest.raises(ValueError, match="two different devices"):
        here + there


class NumpyTanh(Activation):
    """Forgets that there are other modules."""

    name = "numpy_tanh"

    def value(self, z):
        return np.tanh(z)


class OnesElsewhere(Activation):
    """Makes an array on the default device."""

    name = "ones_elsewhere"

    def value(self, z):
        return z * backend.namespace(z).ones(z.shape, dtype=z.dtype)


class NumpyLoss(Loss):
    name = "numpy_loss"

    def costs(self, z, a, Y):
        return np.abs(a - Y)

    def error(self, z, a, Y):
        return a - Y


def test_a_function_that_is_bound_to_numpy_is_found_out():
    X, labels = examples()
    for arguments in (
        {"activation": NumpyTanh()},
        {"activation": OnesElsewhere()},
        {"output": "linear", "loss": NumpyLoss()},
    ):
        net = on_fake_gpu([4, 5, 3], **arguments)
        with pytest.raises((RuntimeError, ValueError), match="device"):
            net.fit(X, np.eye(3)[labels], 1)


# ---------------------------------------------------------------- nothing travels


@pytest.fixture
def journeys(monkeypatch):
    """Note every array of the fake GPU that becomes a number, and every one that comes to it."""
    noted = []
    Array = type(array_api_strict.ones(1))

    def spy(owner, name):
        original = getattr(owner, name)

        def noting(*arguments, **settings):
            if name != "asarray" or not isinstance(arguments[0], Array):
                noted.append(name.strip("_"))
            return original(*arguments, **settings)

        monkeypatch.setattr(owner, name, noting)

    for name in ("float", "int", "bool", "index", "array", "buffer"):
        spy(Array, f"__{name}__")
    spy(Array, "to_device")
    spy(array_api_strict, "asarray")
    return noted


@pytest.mark.parametrize("batch_size", [None, 8, 1])
@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_an_epoch_reads_loss_and_accuracy_once_whatever_its_batches(journeys, design, batch_size):
    net = on_fake_gpu(*design)
    X, Y = (Strict("device1").put(np.asarray(x)) for x in (examples()[0], targets(design)))

    def count_during(epochs):
        journeys.clear()
        net.fit(X, Y, epochs, batch_size, optimizer=nn.Adam(), seed=0)
        return Counter(journeys)

    one, five = count_during(1), count_during(5)
    # The order of the examples comes; the loss, the number of right answers, "all finite" go.
    per_epoch = {"asarray": 1, "float": 1, "int": int(net._is_classifier), "bool": 1}
    assert five - one == Counter({kind: 4 * number for kind, number in per_epoch.items()})


def test_a_step_reads_nothing(journeys):
    X, labels = examples()
    put = Strict("device1").put
    for design in DESIGNS.values():
        for regularizer in (None, nn.L1(0.1), nn.L2(0.1)):
            net = on_fake_gpu(*design, regularizer=regularizer)
            Y = put(labels[:, None] % 2.0 if design[0][-1] == 1 else np.eye(3)[labels])
            there = put(X)
            for optimizer in (nn.SGD(), nn.Momentum(), nn.RMSProp(), nn.Adam()):
                optimizer.step(net)
                journeys.clear()
                net._forward(there)
                net._backward(Y)
                optimizer.step(net)
                assert journeys == []


def test_the_spy_notes_what_travels(journeys):
    x = array_api_strict.ones(1, device=FAKE_GPU)
    float(x[0]), int(x[0]), bool(x[0])
    x.to_device(array_api_strict.Device("CPU_DEVICE"))
    array_api_strict.asarray(np.ones(3), device=FAKE_GPU)
    with pytest.raises(RuntimeError):
        np.asarray(x)
    assert set(journeys) >= {"float", "int", "bool", "to_device", "asarray"}


# ---------------------------------------------------------------- what CuPy has


def cupy_names():
    """Return the names in cupy_names.txt, and the parameters of those that tell."""
    names, parameters = set(), {}
    lines = (Path(__file__).parent / "cupy_names.txt").read_text().splitlines()
    for line in lines:
        if not line.startswith("#"):
            name, bracket, rest = line.partition("(")
            names.add(name)
            if bracket:
                parameters[name] = rest.rstrip(")").split(", ")
    return names, parameters


def gives_a_module(node):
    """Whether an expression is ``namespace(...)`` or ``load_namespace(...)``."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("namespace", "load_namespace")


def names_asked_for(source):
    """Yield every name that the source takes from an array module, and the call if it is called."""
    tree = ast.parse(source)
    modules = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and gives_a_module(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def is_module(node):
        return gives_a_module(node) or (isinstance(node, ast.Name) and node.id in modules)

    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_module(node.value):
            yield node.attr, calls.get(id(node))


def sources():
    return {path: path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}


def missing_in_cupy(source):
    """Return what the source asks of an array module and CuPy does not have."""
    names, parameters = cupy_names()
    missing = []
    for name, call in names_asked_for(source):
        if name not in names:
            missing.append(name)
        elif call and name in parameters:
            allowed = parameters[name]
            stars = {p[: p.count("*")] for p in allowed}
            if "**" not in stars:
                missing += [f"{name}({k.arg}=)" for k in call.keywords if k.arg not in allowed]
            if len(call.args) > len(allowed) and "*" not in stars:
                missing.append(f"{name} with {len(call.args)} arguments")
    return missing


# `to_module_of` says device= to modules that follow the standard, after it has served CuPy.
KNOWN = {"backend.py": ["asarray(device=)"]}


def test_every_function_asked_of_a_module_exists_in_cupy():
    asked = set()
    for path, source in sources().items():
        asked |= {name for name, _ in names_asked_for(source)}
        assert missing_in_cupy(source) == KNOWN.get(path.name, []), path
    assert {"exp", "where", "log1p", "repeat", "sum", "take", "concat", "isdtype"} <= asked
    assert len(asked) > 30


def test_every_dtype_of_a_net_exists_in_cupy():
    assert {"float32", "float64"} <= cupy_names()[0]  # `MLP.copy` asks for them with getattr


def test_a_name_that_cupy_does_not_have_is_found():
    source = """
xp = namespace(x)
xp.exp(x)
xp.vecdot(x, x)
xp.sum(x, axis=0, where=x > 0)
xp.expand_dims(x, 0, 1)
xp.einsum("i,j", x, x)
namespace(x).zeros_like(x, device="gpu")
nothing.of_this(x)
"""
    assert missing_in_cupy(source) == [
        "vecdot",
        "sum(where=)",
        "expand_dims with 3 arguments",
        "zeros_like(device=)",
    ]


def test_every_attribute_and_operator_of_arrays_exists_in_cupy():
    public = {name for name in dir(np.ndarray) if not name.startswith("_")}
    used = {
        node.attr
        for source in sources().values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in public
    }
    assert {"shape", "dtype", "ndim", "T"} <= used
    operators = "add sub mul truediv matmul neg radd rsub rmul rtruediv iadd isub eq gt ge lt le"
    operators += " and invert getitem setitem float int bool"
    used |= {f"__{name}__" for name in operators.split()}
    assert {name for name in used if f"ndarray.{name}" not in cupy_names()[0]} == set()
