using Sequence.Data.Checkpoints;

namespace Sequence.Streaming.Tests.Plans;

/// <summary>The equations of every layer and architecture in plain double-precision loops, PyTorch's layouts.</summary>
internal sealed class Reference(CheckpointWeights weights)
{
    public static CheckpointWeights RandomWeights(IEnumerable<WeightDeclaration> declarations, uint seed)
    {
        var random = new Random((int)seed);
        return new CheckpointWeights(declarations.Select(declaration =>
        {
            var values = new float[declaration.Count];
            foreach (ref var value in values.AsSpan())
            {
                // Variances must be positive. Larger recurrent weights than one starts with would make the recurrence
                // chaotic, and no two precisions would agree.
                var isVariance = declaration.Name.EndsWith("running_var", StringComparison.Ordinal);
                var bound = declaration.Initialisation is Initialisation.UniformValue uniform ? uniform.Bound : 0.5;
                value = (float)(isVariance ? random.NextDouble() + 0.2 : bound * ((2 * random.NextDouble()) - 1));
            }

            return SafetensorsTensor.FromSingles(declaration.Name, declaration.Shape, values);
        }));
    }

    public static double[][] RandomRows(int length, int width, uint seed)
    {
        var random = new Random((int)seed + 1);
        return
        [
            .. Enumerable.Range(0, length).Select(_ =>
                Enumerable.Range(0, width).Select(_ => (double)(float)((random.NextDouble() * 4) - 2)).ToArray()),
        ];
    }

    public double[] Linear(LinearDeclaration layer, double[] input)
    {
        var weight = weights[layer.Prefix + ".weight"].ToDoubles();
        var bias = weights[layer.Prefix + ".bias"].ToDoubles();
        return Affine(weight, bias, input);
    }

    public double[] BatchNormalisation(BatchNormalisationDeclaration layer, double[] input)
    {
        var weight = weights[layer.Prefix + ".weight"].ToDoubles();
        var bias = weights[layer.Prefix + ".bias"].ToDoubles();
        var mean = weights[layer.Prefix + ".running_mean"].ToDoubles();
        var variance = weights[layer.Prefix + ".running_var"].ToDoubles();
        return [.. input.Select((u, c) => (((u - mean[c]) / Math.Sqrt(variance[c] + 1e-5)) * weight[c]) + bias[c])];
    }

    public double[][] Convolution(ConvolutionDeclaration layer, double[][] rows)
    {
        var weight = weights[layer.Prefix + ".weight"].ToDoubles();
        var bias = weights[layer.Prefix + ".bias"].ToDoubles();
        var before = layer.Padding == ConvolutionPadding.Causal ? layer.Kernel - 1 : layer.Kernel / 2;
        var outputs = new double[rows.Length][];
        for (var time = 0; time < rows.Length; time++)
        {
            outputs[time] = [.. bias];
            for (var o = 0; o < layer.Outputs; o++)
            {
                for (var i = 0; i < layer.Inputs; i++)
                {
                    for (var tap = 0; tap < layer.Kernel; tap++)
                    {
                        var at = time + tap - before;
                        var u = at >= 0 && at < rows.Length ? rows[at][i] : 0;
                        outputs[time][o] += weight[(((o * layer.Inputs) + i) * layer.Kernel) + tap] * u;
                    }
                }
            }
        }

        return outputs;
    }

    /// <summary>The outputs of the top layer at every time, [length][directions * hidden].</summary>
    public double[][] Recurrence(RecurrentDeclaration layer, double[][] rows)
    {
        for (var l = 0; l < layer.LayerCount; l++)
        {
            var forward = Direction(layer, $"_l{l}", rows);
            rows = layer.Bidirectional
                ? [.. forward.Zip(Direction(layer, $"_l{l}_reverse", [.. rows.Reverse()]).Reverse(), (a, b) => (double[])[.. a, .. b])]
                : forward;
        }

        return rows;
    }

    public double[] Block(ConvolutionBlock block, double[][] rows)
    {
        var first = Convolution(block.First, rows)
            .Select(row => BatchNormalisation(block.FirstNormalisation, Rectify(row))).ToArray();
        var second = Convolution(block.Second, first)
            .Select(row => BatchNormalisation(block.SecondNormalisation, Rectify(row))).ToArray();
        var flat = Enumerable.Range(0, block.Filters).SelectMany(channel => second.Select(row => row[channel])).ToArray();
        return Linear(block.Projection, flat);
    }

    public double[] Model(Architecture architecture, double[][] rows)
    {
        switch (architecture)
        {
            case RecurrentArchitecture recurrent:
                {
                    var outputs = Recurrence(recurrent.Recurrence, rows);
                    return Linear(
                        recurrent.Head, [.. outputs[^1][..recurrent.Hidden], .. outputs[0][recurrent.Hidden..]]);
                }

            case ConvolutionArchitecture convolution:
                return Block(convolution.Block, rows);
            case ResNlsArchitecture resNls:
                {
                    var residual = Block(resNls.Block, rows);
                    double[][] sum = [.. rows.Select((row, t) => row.Select((x, f) => x + residual[(t * row.Length) + f]).ToArray())];
                    return Linear(resNls.Head, Recurrence(resNls.Recurrence, sum)[^1]);
                }

            case NLinearArchitecture linear:
                {
                    var last = rows[^1][0];
                    return [.. Linear(linear.Map, [.. rows.Select(row => row[0] - last)]).Select(y => y + last)];
                }

            case DLinearArchitecture linear:
                {
                    var side = linear.Kernel / 2;
                    double[] x = [.. rows.Select(row => row[0])];
                    double[] padded = [.. Enumerable.Repeat(x[0], side), .. x, .. Enumerable.Repeat(x[^1], side)];
                    double[] trend = [.. x.Select((_, t) => padded.Skip(t).Take(linear.Kernel).Average())];
                    var seasonal = Linear(linear.Seasonal, [.. x.Zip(trend, (a, b) => a - b)]);
                    return [.. seasonal.Zip(Linear(linear.Trend, trend), (a, b) => a + b)];
                }

            default:
                throw new NotSupportedException(architecture.ToString());
        }
    }

    private static double[] Rectify(double[] row) => [.. row.Select(value => Math.Max(value, 0))];

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static double[] Affine(double[] weight, double[] bias, double[] input) =>
    [
        .. bias.Select((b, row) => b + input.Select((u, column) => weight[(row * input.Length) + column] * u).Sum()),
    ];

    private double[][] Direction(RecurrentDeclaration layer, string suffix, double[][] rows)
    {
        var inputWeight = weights[$"{layer.Prefix}.weight_ih{suffix}"].ToDoubles();
        var hiddenWeight = weights[$"{layer.Prefix}.weight_hh{suffix}"].ToDoubles();
        var inputBias = weights[$"{layer.Prefix}.bias_ih{suffix}"].ToDoubles();
        var hiddenBias = weights[$"{layer.Prefix}.bias_hh{suffix}"].ToDoubles();
        var h = new double[layer.Hidden];
        var c = new double[layer.Hidden];
        return
        [
            .. rows.Select(row =>
            {
                var a = Affine(inputWeight, inputBias, row);
                var b = Affine(hiddenWeight, hiddenBias, h);
                var n = layer.Hidden;
                h = [.. h.Select((previous, unit) => Unit(layer.Cell, a, b, unit, n, previous, c))];
                return h;
            }),
        ];
    }

    private static double Unit(RecurrentCell cell, double[] a, double[] b, int unit, int n, double h, double[] c)
    {
        double Gate(int gate) => a[(gate * n) + unit] + b[(gate * n) + unit];
        switch (cell)
        {
            case RecurrentCell.Rnn:
                return Math.Tanh(Gate(0));
            case RecurrentCell.Gru:
                {
                    var candidate = Math.Tanh(a[(2 * n) + unit] + (Sigmoid(Gate(0)) * b[(2 * n) + unit]));
                    var z = Sigmoid(Gate(1));
                    return ((1 - z) * candidate) + (z * h);
                }

            default:
                c[unit] = (Sigmoid(Gate(1)) * c[unit]) + (Sigmoid(Gate(0)) * Math.Tanh(Gate(2)));
                return Sigmoid(Gate(3)) * Math.Tanh(c[unit]);
        }
    }
}
