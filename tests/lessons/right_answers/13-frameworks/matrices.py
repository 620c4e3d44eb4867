# ruff: noqa
# Filters and arrays; a dictionary that computes what it lacks.

# %% exercise="run"
class Values(dict):
    def __missing__(self, node):
        if node.op is None:
            raise KeyError(node)
        self[node] = node.op(*map(self.__getitem__, node.inputs))
        return self[node]


def run(node, feed):
    return Values(feed)[node]


# %% exercise="smooth"
from scipy.signal import lfilter


def smooth(values, weight):
    sums = lfilter([1.0], [1.0, -weight], values)
    return sums / lfilter([1.0], [1.0, -weight], np.ones(len(values)))


# %% exercise="parameter_table"
def parameter_table(sizes):
    n_in, n_out = np.array(sizes[:-1]), np.array(sizes[1:])
    names = np.array(["dense"] + [f"dense_{i}" for i in range(1, len(n_out))])
    return list(zip(names, [(None, n) for n in n_out], n_in * n_out + n_out))
