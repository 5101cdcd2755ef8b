"""The mean loss with pandas and scikit-learn."""

import sys

import pandas as pd
from sklearn.metrics import log_loss, mean_squared_error

predictions, targets, work = sys.argv[1:4]
read = pd.read_parquet if predictions.endswith(".parquet") else pd.read_csv
y, d = read(predictions), read(targets)
if work == "mse":
    print(0.5 * y.shape[1] * mean_squared_error(d, y))
elif work == "labels":
    print(log_loss(d["label"], y, labels=list(y.columns)))
else:
    print(log_loss(d, y))
