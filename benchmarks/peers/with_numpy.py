"""The mean loss of NPY files with NumPy, or, if a fourth path is given, all losses as TSV."""

import sys

import numpy as np

predictions, targets, work, *output = sys.argv[1:]
y, d = np.load(predictions), np.load(targets)
if work == "onehot":
    losses = -(d * np.log(y + 1e-7)).sum(axis=1)
else:
    losses = 0.5 * ((y - d) ** 2).sum(axis=1)
if output:
    rows = np.column_stack([np.arange(1, len(losses) + 1), losses])
    np.savetxt(output[0], rows, ["%d", "%.17g"], "\t", header="row\tce", comments="")
print(float(losses.mean()))
