namespace Sequence.Cli.Backtests;

/// <summary>A complete configuration that runs on the shipped sample.</summary>
internal static class SampleConfig
{
    /// <summary>The file, with a comment on every key.</summary>
    public const string Text = """
        // A configuration of 'sequence backtest run | walk-forward | sweep'. Every key is here; those with their default, or commented
        // out, may be left out. Paths are relative to this file. docs/backtest-config.md says more.
        {
          "data": {
            "sample": "daily-index",          // the shipped sample; instead of it, bars of your own:
            // "files": ["prices.csv"],       //   CSV files, also .csv.gz: time, open, high, low, close and, where there are, volume and symbol
            "closeOnly": true,                // make bars of the close alone (the sample has no more); default for files: false
            // "columns": { "time": "date", "asset": "symbol", "open": "open", "high": "high", "low": "low", "close": "close", "volume": "volume" },
            // "timeFormat": "dd.MM.yyyy",    // .NET notation; left out, the usual ones
            // "covariates": ["vix"],         // further columns, known at each close
            "dropIncomplete": false,          // leave out bars with an empty price, rather than refuse the file
            // "assets": ["AAPL", "MSFT"],    // which to trade; left out, all
            "frequency": null,                // spacing of the bars, as B, D, H, 15min; null infers it; only forecasts need it
            "from": null,                     // first day, as "2019-06-01"
            "to": null,                       // last day
            "splits": [],                     // { "asset": "AAPL", "time": "2020-08-31", "ratio": 4 }
            "dividends": []                   // { "asset": "AAPL", "time": "2020-08-07", "amount": 0.82 }
          },

          "account": {
            "cash": 10000,
            "profile": "standard",            // or backtesting-py, the rules of that program
            // 10 basis points a side; also none; per-share: amount, minimum; per-trade: amount; fixed-and-rate: amount, rate;
            // tiered: "tiers": [{ "from": 0, "rate": 0.001 }, { "from": 1e6, "rate": 0.0005 }]
            "commission": { "kind": "rate", "rate": 0.001 },
            // also fixed: amount; rate: rate; volume-share: priceImpact; square-root: coefficient, lookBack
            "slippage": { "kind": "none" },
            "spread": 0,                      // ask minus bid, share of the price
            "initialMargin": 1,               // 0.5 allows twice the account
            "maintenanceMargin": null,        // null is half of the initial margin
            "borrowRate": 0,                  // a year, on short positions
            "financingRate": 0,               // a year, on negative cash
            "positionMode": "netting",        // or hedging
            "tradeOnClose": false,            // true fills at the close that decided, which looks ahead
            "exclusiveOrders": false,
            "closeAtEnd": false,
            "allowShort": true,
            "lotSize": 1,                     // units come in multiples of this; 0 is any fraction
            "volumeLimit": null,              // most of a bar's volume, as 0.1
            "calendar": null                  // { "timeZone": "America/New_York", "opensAt": "09:30", "closesAt": "16:00", "businessDays": true, "holidays": [] }
          },

          "statistics": {
            "periodsPerYear": null,           // null infers it from the bars
            "riskFreeRate": 0,                // a year
            "sharpeConvention": "mean-over-std",
            "sortinoConvention": "downside-deviation"
          },

          // buy-and-hold; sma-cross: fast, slow, allowShort; rsi-reversal: lookBack, low, high, allowShort;
          // random-entries: turnover, exposure, seed, allowShort; and on forecasts, each with stepsAhead, maximumAge, tolerance:
          // long-flat: threshold; long-short: deadBand; probability-weighted: fraction, allowShort;
          // volatility-target: targetVolatility, lookBack, periodsPerYear, maximumLeverage, deadBand, allowShort; top-k: count, shortLowest
          "strategy": {
            "kind": "long-flat",
            "threshold": 0,                   // least expected return, as a fraction
            "stepsAhead": 1,                  // which of the forecast's steps to trade on
            "maximumAge": null,               // bars after which a forecast counts no more; null is stepsAhead - 1
            "tolerance": 0.01                 // distance from its weight within which a position is left alone
          },

          "forecast": {
            "forecaster": "ar-5",             // a name of 'sequence model list'
            // "table": "forecasts.csv",      // instead of all the rest: forecasts made before, .csv or .parquet
            "horizon": 1,                     // steps forecast at every origin
            "firstOrigin": 0.7,               // where the first training part ends: a share, rows (1000) or a date ("2021-12-31")
            "step": null,                     // bars from one origin to the next; null is the horizon
            "gap": 0,                         // bars between the last training bar and the first target
            "embargo": 0,
            "minimumRows": 1,                 // bars an asset needs in a training part; one that starts late joins then
            "window": "expanding",            // or rolling
            "windowRows": null,               // length of a rolling training part
            "refit": "month",                 // every-fold, once, week, month, quarter, year, drift, or a number of folds
            "refitStart": "cold",             // or warm
            "validation": null,               // end of each training part that decides when to stop: rows or a share
            "levels": [],                     // intervals in per cent, as [80], which probability-weighted needs
            "seed": null,                     // null leaves it to the forecaster
            "seasonLength": null,
            "workers": 1                      // folds at the same time; the result is the same
            // for a neural model such as resnls-5 also:
            // "lookBack": 5, "scaler": "log-return",
            // "training": { "epochs": 50, "batchSize": 64, "learningRate": 0.001, "dynamicsLearningRate": null, "schedule": "constant",
            //   "warmupEpochs": 0, "optimiser": "adam-w", "weightDecay": 0, "gradientClip": 1, "loss": "squared", "patience": 8,
            //   "validationFraction": 0.15, "seed": 1 }
          },

          "guard": {
            "samples": 16,                    // runs on bars cut short
            "seed": 0,
            "workers": 1
          },

          "sweep": {
            "kind": "grid",                   // or random, with "trials": 100 and "seed": 1
            "parameters": {                   // of the strategy, or as "account.spread": a list, or from, to and step (random: from, to, distribution)
              "threshold": { "from": 0, "to": 0.004, "step": 0.0005 }
            },
            "measure": "sharpe",              // or total-return, maximum-drawdown
            // "workers": 2,                  // left out, the number of processors; the result is the same
            "partTrials": 256                 // trials in a file
          },

          "report": {
            "folder": null,                   // --out goes before it
            "title": null,
            "randomEntries": 0,               // strategies of random entries, trading as much, to hold the strategy against
            "randomSeed": 1
          }
        }

        """;
}
