# ruff: noqa
# A class for the net, columns for examples, keywords, early returns, prints, numpy numbers.

# %% exercise="forward"
class Net:
    """The net with examples as columns, as on the slides: z = W x + b."""

    def __init__(self, W1, b1, W2, b2):
        self.W1, self.W2 = W1, W2
        self.b1, self.b2 = np.reshape(b1, (-1, 1)), np.reshape(b2, (-1, 1))

    def sigmoid(self, z):
        return np.reciprocal(1 + np.exp(-z))

    def __call__(self, x):
        h = self.sigmoid(self.W1 @ x + self.b1)
        return h, self.sigmoid(self.W2 @ h + self.b2)


def forward(X, params):
    h, out = Net(*params)(X.T)
    return h.T, out.T


# %% exercise="output_bpe"
def prime_from_activation(a):
    return a * (1 - a)


def output_bpe(out, Y):
    d_error = lambda out, y: out - y
    return d_error(out, Y) * prime_from_activation(out)


# %% exercise="hidden_bpe"
def hidden_bpe(bpe_out, W2, H):
    return bpe_out * W2 * prime_from_activation(H)


# %% exercise="update"
def update(params, X, H, bpe_out, bpe_hidden, eta):
    def gradients(bpe, a):
        return (bpe.T @ a, bpe.T @ np.ones(len(a)))

    grads = gradients(bpe=bpe_hidden, a=X) + gradients(bpe=bpe_out, a=H)
    return tuple(p - eta * g for p, g in zip(params, grads))


# %% exercise="train"
def cost_of(out, Y):
    return sum(0.5 * float(d) ** 2 for d in (out - Y).ravel())


def train(X, Y, params, eta, goal=0.001, max_epochs=10000, verbose=True):
    epochs = np.int64(0)
    while True:
        H, out = forward(X, params)
        if verbose and epochs % 1000 == 0:
            print(epochs, "cost", cost_of(out, Y))
        if cost_of(out, Y) < goal or epochs == max_epochs:
            return params, epochs
        b_out = output_bpe(out=out, Y=Y)
        b_hid = hidden_bpe(b_out, params[2], H)
        params = update(params, X, H, b_out, b_hid, eta=eta)
        epochs += 1
