using Sequence.Data;
using Sequence.Numerics;

namespace Sequence.Training.Tests;

/// <summary>Small series with a known structure.</summary>
internal static class Tasks
{
    /// <summary>A sine of period 7: a linear map of two past values continues it exactly; persistence cannot.</summary>
    public static float[] Sine(int length) =>
        [.. Enumerable.Range(0, length).Select(time => (float)Math.Sin(2 * Math.PI * time / 7))];

    /// <summary>
    /// x[k+1] = -x[k] x[k-1] with random signs every third step: each value is uncorrelated with every one before it, so
    /// no linear forecaster beats zero, although two of three values are certain given the two before.
    /// </summary>
    public static float[] SignProduct(int length, ulong seed)
    {
        var random = new CounterRandom(seed);
        var values = new float[length];
        for (var time = 0; time < length; time++)
        {
            values[time] = time % 3 == 2 ? -values[time - 1] * values[time - 2] : random.NextInt(2) == 0 ? -1 : 1;
        }

        return values;
    }

    /// <summary>
    /// Random signs, 3 to 8 of them, shorter ones padded in a batch; the class says whether the first two are equal. The
    /// two classes are equally frequent, and no single input tells anything about the class.
    /// </summary>
    public static SequenceExamples EqualSigns(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        var examples = SequenceExamples.OfClasses(features: 1, classes: 2);
        for (var index = 0; index < count; index++)
        {
            var signs = new float[3 + random.NextInt(6)];
            foreach (ref var sign in signs.AsSpan())
            {
                sign = random.NextInt(2) == 0 ? -1 : 1;
            }

            signs[1] = index % 2 == 0 ? signs[0] : -signs[0];
            examples.Add(signs, index % 2 == 0 ? 1 : 0);
        }

        return examples;
    }

    public static TimeSeries Daily(string id, IEnumerable<double> values)
    {
        double[] all = [.. values];
        var start = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new(
            id,
            new Frequency(FrequencyUnit.Day),
            Enumerable.Range(0, all.Length).Select(day => start.AddDays(day)).ToArray(),
            all);
    }

    /// <summary>
    /// Marked recall: random signs, one of them marked in a second input; the class says the marked sign, which lies at a
    /// random place before the last. Without memory, or without regard to the mark, half of the answers are right.
    /// </summary>
    public static SequenceExamples MarkedRecall(int count, int length, ulong seed)
    {
        var random = new CounterRandom(seed);
        var examples = SequenceExamples.OfClasses(features: 2, classes: 2);
        for (var index = 0; index < count; index++)
        {
            var inputs = new float[2 * length];
            for (var time = 0; time < length; time++)
            {
                inputs[2 * time] = random.NextInt(2) == 0 ? -1 : 1;
            }

            var marked = random.NextInt(length - 1);
            inputs[(2 * marked) + 1] = 1;
            inputs[2 * marked] = index % 2 == 0 ? -1 : 1;
            examples.Add(inputs, index % 2);
        }

        return examples;
    }
}
