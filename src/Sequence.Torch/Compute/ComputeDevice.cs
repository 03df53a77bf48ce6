using System.Globalization;
using static TorchSharp.torch;

namespace Sequence.Torch;

/// <summary>A device by name, of which it is not known yet whether this machine has it.</summary>
public sealed record ComputeDevice
{
    private const string CpuName = "cpu";
    private const string CudaName = "cuda";

    private ComputeDevice(string name, int index) => (Name, Index) = (name, index);

    /// <summary>The CPU.</summary>
    public static ComputeDevice Cpu { get; } = new(CpuName, 0);

    /// <summary>"cpu" or "cuda".</summary>
    public string Name { get; }

    /// <summary>Which of the machine's devices of that name, counted from 0.</summary>
    public int Index { get; }

    /// <summary>Whether this is the CPU.</summary>
    public bool IsCpu => Name == CpuName;

    /// <summary>Reads "cpu", "cuda" or "cuda:1".</summary>
    /// <exception cref="ConfigurationException">It is none of these.</exception>
    public static ComputeDevice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        return parts switch
        {
            [CpuName] => Cpu,
            [CudaName] => new(CudaName, 0),
            [CudaName, var digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) =>
                new(CudaName, index),
            _ => throw new ConfigurationException($"device is '{text}'; give cpu, cuda or cuda:1 (the second GPU)."),
        };
    }

    /// <summary>The device, for libtorch.</summary>
    /// <exception cref="ConfigurationException">This machine, or its libtorch, does not have it.</exception>
    /// <exception cref="LibtorchUnavailableException">libtorch cannot be loaded.</exception>
    public Device Open()
    {
        _ = LibtorchBootstrap.Initialise();
        if (IsCpu)
        {
            return CPU;
        }

        if (!cuda.is_available())
        {
            throw new ConfigurationException(
                $"There is no device '{this}': libtorch finds no GPU here. Train with --device cpu; or install the NVIDIA driver " +
                "and a CUDA build of libtorch, and name its folder in SEQUENCE_LIBTORCH (sequence doctor tells what is found).");
        }

        var count = cuda.device_count();
        return Index < count
            ? new Device(TorchSharp.DeviceType.CUDA, Index)
            : throw new ConfigurationException(
                $"There is no device '{this}': this machine has {count}, counted from cuda:0.");
    }

    /// <inheritdoc />
    public override string ToString() => Index == 0 ? Name : $"{Name}:{Index}";
}
