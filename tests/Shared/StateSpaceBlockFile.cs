using System.Buffers.Binary;
using Sequence.Data.Checkpoints;

namespace Sequence.Tests;

/// <summary>
/// The state dict of one block of the reference implementation as a temporary safetensors file, which may be changed before it
/// is written.
/// </summary>
internal sealed class StateSpaceBlockFile : IDisposable
{
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    public Dictionary<string, SafetensorsTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The S4D block of s4d_block.json: 4 features, 4 untied copies of 4 modes, step sizes by softplus.</summary>
    public static StateSpaceBlockFile Diagonal(ReferenceFile reference, string prefix = "")
    {
        var file = new StateSpaceBlockFile();
        file.SetDoubles($"{prefix}layer.D", [1, 4], reference.Real("D"));
        file.SetDoubles($"{prefix}layer.kernel.inv_dt", [4, 1], reference.Real("inv_dt_softplus_param"));
        file.SetSystem(prefix, reference);
        file.SetDoubles($"{prefix}output_linear.0.weight", [8, 4], reference.Real("W"));
        file.SetDoubles($"{prefix}output_linear.0.bias", [8], reference.Real("b"));
        return file;
    }

    /// <summary>
    /// An S4 layer of 2 untied features and 4 modes, as s4_step_modes.json and s4_dplr_legs_L16.json have it, in a block that maps
    /// its activated output by the identity. C is the plain one; D is 0 where the file has none.
    /// </summary>
    public static StateSpaceBlockFile Structured(ReferenceFile reference, string prefix = "")
    {
        var file = new StateSpaceBlockFile();
        file.SetDoubles($"{prefix}layer.D", [1, 2], reference.Has("D") ? reference.Real("D") : [0, 0]);
        file.SetDoubles($"{prefix}layer.kernel.inv_dt", [2, 1], Array.ConvertAll(reference.Real("dt"), Math.Log));
        file.SetSystem(prefix, reference);
        file.SetDoubles($"{prefix}layer.kernel.P", [1, 2, 4, 2], reference.Pairs("P"));
        file.SetInteger($"{prefix}layer.kernel.l_kernel", 0);
        file.SetDoubles($"{prefix}output_linear.0.weight", [2, 2], [1, 0, 0, 1]);
        file.SetDoubles($"{prefix}output_linear.0.bias", [2], [0, 0]);
        return file;
    }

    public void SetDoubles(string key, int[] shape, double[] values) =>
        Tensors[key] = SafetensorsTensor.FromDoubles(key, shape, values);

    public void SetInteger(string key, long value)
    {
        var data = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(data, value);
        Tensors[key] = new SafetensorsTensor(key, SafetensorsType.I64, [], data);
    }

    /// <summary>Rounds every double to single precision, in which the reference implementation trains.</summary>
    public void Round()
    {
        foreach (var (key, tensor) in Tensors.Where(pair => pair.Value.Type == SafetensorsType.F64).ToArray())
        {
            Tensors[key] = SafetensorsTensor.FromSingles(
                key, tensor.Shape.Select(length => (int)length), tensor.ToSingles());
        }
    }

    public void Write() => SafetensorsFile.Write(Path, Tensors.Values);

    public void Dispose() => File.Delete(Path);

    private void SetSystem(string prefix, ReferenceFile reference)
    {
        var poles = reference.Complex("w");
        var shape = reference.Shape("w");
        SetDoubles($"{prefix}layer.kernel.A_real", shape, [.. poles.Select(value => Math.Log(-value.Real))]);
        SetDoubles($"{prefix}layer.kernel.A_imag", shape, [.. poles.Select(value => -value.Imaginary)]);
        SetDoubles($"{prefix}layer.kernel.B", [1, .. shape, 2], reference.Pairs("B"));
        SetDoubles($"{prefix}layer.kernel.C", [1, .. shape, 2], reference.Pairs("C"));
    }
}
