"""Times backtesting.py (github.com/kernc/backtesting.py) on the work of `benchmarks -- backtest-engine`.

A cross of simple moving averages over 50 and 200 one-minute bars of a random walk: close, then buy or sell everything.
The walk is not the same draw, but has the same volatility. Needs Python with backtesting installed. First argument: the
number of bars. Prints the processor seconds of one run without and with its statistics, the number of trades and the
version.
"""

import sys
import time

import numpy as np
import pandas as pd

import backtesting
import backtesting.backtesting as engine
from backtesting import Backtest, Strategy
from backtesting.lib import crossover

bars = int(sys.argv[1])
random = np.random.default_rng(1)
close = 100 * np.exp(np.cumsum(0.001 * np.sqrt(3) * random.uniform(-1, 1, bars)))
open_ = np.r_[100.0, close[:-1]]
frame = pd.DataFrame(
    {
        "Open": open_,
        "High": np.maximum(open_, close) * (1 + 0.0005 * random.uniform(0, 1, bars)),
        "Low": np.minimum(open_, close) * (1 - 0.0005 * random.uniform(0, 1, bars)),
        "Close": close,
        "Volume": random.integers(1_000, 10_000, bars),
    },
    index=pd.date_range("2000-01-01", periods=bars, freq="min"),
)


def sma(values, look_back):
    return pd.Series(values).rolling(look_back).mean()


class Cross(Strategy):
    def init(self):
        self.fast = self.I(sma, self.data.Close, 50)
        self.slow = self.I(sma, self.data.Close, 200)

    def next(self):
        if crossover(self.fast, self.slow):
            self.position.close()
            self.buy()
        elif crossover(self.slow, self.fast):
            self.position.close()
            self.sell()


statistics = 0.0
compute = engine.compute_stats


def timed(*arguments, **options):
    global statistics
    begin = time.process_time()
    result = compute(*arguments, **options)
    statistics += time.process_time() - begin
    return result


engine.compute_stats = timed
backtest = Backtest(frame, Cross, cash=1_000_000)
start = time.process_time()
result = backtest.run()
total = time.process_time() - start
print(total - statistics, total, result["# Trades"], getattr(backtesting, "__version__", "unknown"))
