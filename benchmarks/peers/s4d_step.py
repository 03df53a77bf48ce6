"""Times one recurrent step of the reference implementation's S4D block (github.com/state-spaces/s4).

Same work as `benchmarks -- state-space-step`: 128 features, state size 64, batch 1, one thread, under no_grad.
Needs Python with torch, einops and omegaconf, and the environment variable S4_HOME naming a checkout of that repository.
Prints the median microseconds of a step over 101 rounds of 100.
"""

import os
import statistics
import sys
import time

sys.path.insert(0, os.environ["S4_HOME"])
import torch  # noqa: E402
from models.s4.s4 import S4Block  # noqa: E402

torch.set_num_threads(1)
torch.manual_seed(1)
block = S4Block(128, mode="diag", init="diag-lin", disc="zoh", d_state=64, n_ssm=128, transposed=False).eval()
with torch.no_grad():
    block.setup_step()
    state = block.default_state(1)
    value = torch.sin(torch.arange(1.0, 129.0)).unsqueeze(0)
    rounds = []
    for _ in range(111):
        start = time.perf_counter()
        for _ in range(100):
            _, state = block.step(value, state)
        rounds.append((time.perf_counter() - start) * 1e4)
print(f"{statistics.median(rounds[10:]):.2f}")
