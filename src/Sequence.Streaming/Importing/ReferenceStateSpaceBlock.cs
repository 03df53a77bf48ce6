using System.Numerics;
using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Numerics;

namespace Sequence.Streaming;

/// <summary>
/// An S4 or S4D block as the reference implementation (state-spaces/s4, class S4Block of models/s4/s4.py, version 4) saves it.
/// Its sizes follow from the shapes, H = features, M = modes: layer.D [channels, H], layer.kernel.inv_dt [H, 1],
/// layer.kernel.A_real and A_imag [copies, M], B [1, copies, M, 2], C [kernels, H, M, 2] with twice as many kernels as channels
/// when bidirectional, and for S4 P [rank, copies, M, 2] and the whole number l_kernel; output_linear.0.weight
/// [H, or 2 H when gated, channels H] and bias. Without A_imag the state is real, and B and C have no last axis.
/// </summary>
/// <remarks>
/// Parameters that the reference froze (learning rate 0) are buffers of the same names and are read alike. The rest of the block
/// is taken to have the reference's defaults, which leave no trace in a file: GELU after the state space, exponential transform of
/// A's real part and none of the imaginary one, no band limit, channels before features.
/// </remarks>
public sealed class ReferenceStateSpaceBlock
{
    private const string Skip = "layer.D";
    private const string StepSize = "layer.kernel.inv_dt";
    private const string Decay = "layer.kernel.A_real";
    private const string Frequency = "layer.kernel.A_imag";
    private const string Input = "layer.kernel.B";
    private const string LowRank = "layer.kernel.P";
    private const string Output = "layer.kernel.C";
    private const string Length = "layer.kernel.l_kernel";
    private const string MapWeight = "output_linear.0.weight";
    private const string MapBias = "output_linear.0.bias";

    private ReferenceStateSpaceBlock(StateSpaceBlockDeclaration declaration, CheckpointWeights weights)
    {
        Declaration = declaration;
        Weights = weights;
    }

    /// <summary>The block; its core is an <see cref="S4Declaration"/> or an <see cref="S4DDeclaration"/>.</summary>
    public StateSpaceBlockDeclaration Declaration { get; }

    /// <summary>The weights under <see cref="ReferenceStateSpaceOptions.Prefix"/>, in the precision of the file.</summary>
    public CheckpointWeights Weights { get; }

    /// <summary>Reads a block from a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not say; null for the defaults of the reference's class.</param>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, or a key is missing, unknown, of an older version, not of finite floats, or of a shape that
    /// contradicts another's; names file and key.
    /// </exception>
    public static ReferenceStateSpaceBlock Read(string path, ReferenceStateSpaceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new();
        var source = new ReferenceStateDict(SafetensorsFile.Read(path), path, options.SourcePrefix);
        var isStructured = source.Has(LowRank) || source.Has(Length);
        var isReal = !isStructured && !source.Has(Frequency) && source.AxisCount(Output) == 3;
        source.RefuseOthers(
        [
            Skip, StepSize, Decay, Input, Output, MapWeight, MapBias,
            .. isReal ? Array.Empty<string>() : [Frequency], .. isStructured ? [LowRank, Length] : Array.Empty<string>(),
        ]);
        string[] part = isReal ? [] : ["2"];
        var skip = source.Floats(Skip, "channels", "features");
        var stepSize = source.Floats(StepSize, "features", "1");
        var decay = source.Floats(Decay, "copies", "modes");
        var input = source.Floats(Input, ["1", "copies", "modes", .. part]);
        var output = source.Floats(Output, ["kernels", "features", "modes", .. part]);
        var mapWeight = source.Floats(MapWeight, "outputs", "inputs");
        var mapBias = source.Floats(MapBias, "outputs");
        var (channels, features) = (Axis(skip, 0), Axis(skip, 1));
        var (copies, modes) = (Axis(decay, 0), Axis(decay, 1));
        var kernels = Axis(output, 0);
        var rows = Axis(mapWeight, 0);

        var ofFeatures = $"{Skip} says {channels} channels of {features} features";
        var ofModes = $"{Decay} says {copies} copies of {modes} modes";
        source.RequireShape(stepSize, $"{ofFeatures}, and there is one step size a feature (dt_tie)", features, 1);
        if (features % copies != 0)
        {
            throw source.Fault(Decay, $"says {copies} copies, which do not divide the {features} features of {Skip}");
        }

        int[] pair = isReal ? [] : [2];
        source.RequireShape(input, ofModes, [1, copies, modes, .. pair]);
        if (kernels != channels && kernels != 2 * channels)
        {
            throw source.Fault(
                Output,
                $"has {kernels} kernels a feature, but {Skip} has {channels} channels; it must be as many, or twice as many when bidirectional");
        }

        source.RequireShape(output, $"{ofFeatures}, and {ofModes}", [kernels, features, modes, .. pair]);
        if (rows != features && rows != 2 * features)
        {
            throw source.Fault(
                MapWeight, $"has {rows} rows; it must be the {features} features of {Skip}, or twice as many when gated");
        }

        source.RequireShape(mapWeight, ofFeatures, rows, channels * features);
        source.RequireShape(mapBias, $"{MapWeight} has {rows} rows", rows);
        List<SafetensorsTensor> tensors = [skip, stepSize, decay, input, mapWeight, mapBias];
        if (!isReal)
        {
            var frequency = source.Floats(Frequency, "copies", "modes");
            source.RequireShape(frequency, ofModes, copies, modes);
            tensors.Add(frequency);
        }

        var corePrefix = StateSpaceBlockDeclaration.CorePrefix(options.Prefix);
        StructuredStateSpaceDeclaration core;
        if (isStructured)
        {
            var lowRank = source.Floats(LowRank, "rank", "copies", "modes", "2");
            var rank = Axis(lowRank, 0);
            source.RequireShape(lowRank, ofModes, rank, copies, modes, 2);
            tensors.Add(lowRank);
            var (length, isPlain) = KernelLength(source, options);
            var structured = Sized(new S4Declaration(corePrefix, features, 2 * modes, length) { Rank = rank });
            core = structured;
            tensors.Add(isPlain ? Generating(structured, stepSize, decay, tensors[^2], lowRank, input, output) : output);
        }
        else
        {
            core = Sized(new S4DDeclaration(corePrefix, features, isReal ? modes : 2 * modes)
            {
                Discretisation = options.Discretisation,
                Initialisation = isReal ? S4DInitialisation.Real : S4DInitialisation.Lin,
                RealState = isReal,
            });
            tensors.Add(output);
        }

        return new(
            new StateSpaceBlockDeclaration(options.Prefix, core, rows == 2 * features),
            new CheckpointWeights(tensors.Select(tensor => new SafetensorsTensor(
                $"{options.Prefix}.{tensor.Name[options.SourcePrefix.Length..]}", tensor.Type, tensor.Shape, tensor.Data))));

        T Sized<T>(T declaration)
            where T : StructuredStateSpaceDeclaration => declaration with
            {
                Channels = channels,
                Bidirectional = kernels == 2 * channels,
                Copies = copies,
                StepSizeTransform = options.StepSizeTransform,
            };
    }

    private static int Axis(SafetensorsTensor tensor, int axis) => (int)tensor.Shape[axis];

    /// <summary>L, and whether the file's C is the plain one, not C~ of this L.</summary>
    private static (int Length, bool IsPlain) KernelLength(ReferenceStateDict source, ReferenceStateSpaceOptions options)
    {
        var stored = source.Integer(Length) ?? 0;
        if (stored is < 0 or > int.MaxValue)
        {
            throw source.Fault(Length, $"is {stored}; it must be the length that C belongs to, or 0");
        }

        if (options.KernelLength is { } asked && (asked < 1 || (stored > 0 && asked != stored)))
        {
            throw source.Fault(
                Length,
                asked < 1
                    ? $"cannot be replaced by the option {nameof(options.KernelLength)}, which is {asked}; it must be positive"
                    : $"is {stored}, but the option {nameof(options.KernelLength)} is {asked}; leave the option out");
        }

        return stored > 0
            ? ((int)stored, false)
            : (options.KernelLength ?? throw source.Fault(
                Length,
                "is 0 or missing, so that C belongs to no kernel length yet; name one in the option " +
                nameof(options.KernelLength)), true);
    }

    /// <summary>C~ for the kernel length, in double precision, of the plain C.</summary>
    private static SafetensorsTensor Generating(
        S4Declaration declaration,
        SafetensorsTensor stepSize,
        SafetensorsTensor decay,
        SafetensorsTensor frequency,
        SafetensorsTensor lowRank,
        SafetensorsTensor input,
        SafetensorsTensor output)
    {
        var (features, copies, modes) = (declaration.Features, declaration.Copies, declaration.Modes);
        var steps = stepSize.ToDoubles();
        Complex[] poles = [.. decay.ToDoubles().Zip(frequency.ToDoubles(), (one, other) => new Complex(-Math.Exp(one), -other))];
        var (terms, inputs, outputs) = (Complexes(lowRank), Complexes(input), Complexes(output));
        for (var feature = 0; feature < features; feature++)
        {
            var copy = feature % copies;
            var ofCopy = Enumerable.Range(0, declaration.LowRank)
                .SelectMany(term => terms.Skip(((term * copies) + copy) * modes).Take(modes))
                .ToArray();
            var (transition, _) = DiagonalPlusLowRank.Discretise(
                poles.AsSpan(copy * modes, modes),
                ofCopy,
                inputs.AsSpan(copy * modes, modes),
                declaration.StepSize(steps[feature]));
            for (var row = feature * modes; row < outputs.Length; row += features * modes)
            {
                var one = outputs.AsSpan(row, modes);
                DiagonalPlusLowRank.ToGenerating(one, transition, declaration.KernelLength).CopyTo(one);
            }
        }

        return SafetensorsTensor.FromDoubles(
            output.Name,
            output.Shape.Select(length => (int)length),
            [.. outputs.SelectMany(value => new[] { value.Real, value.Imaginary })]);
    }

    private static Complex[] Complexes(SafetensorsTensor pairs)
    {
        var values = pairs.ToDoubles();
        return [.. Enumerable.Range(0, values.Length / 2).Select(n => new Complex(values[2 * n], values[(2 * n) + 1]))];
    }
}
