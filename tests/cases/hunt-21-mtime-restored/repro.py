"""The predictions change in place while they are read; size and mtime are as before (cp -p, rsync --inplace -t)."""

import io
import os
import subprocess
import sys
import time

import numpy as np

n = 600_000
np.save("p.npy", np.zeros(n))
os.utime("p.npy", ns=(10**18, 10**18))
p = subprocess.Popen(
    [sys.argv[1], "check", "p.npy", "-", "--loss", "mae", "--max-loss", "0.75", "-j", "1"],
    stdin=subprocess.PIPE,
)
b = io.BytesIO()
np.save(b, np.ones(n))
b = b.getvalue()
p.stdin.write(b[: len(b) // 2])
p.stdin.flush()
time.sleep(1)
with open("p.npy", "r+b") as f:
    f.write(np.lib.format.magic(1, 0) and open("p.npy", "rb").read(128))
    f.write(np.ones(n).tobytes())
os.utime("p.npy", ns=(10**18, 10**18))
p.stdin.write(b[len(b) // 2 :])
p.stdin.close()
print("exit", p.wait())
