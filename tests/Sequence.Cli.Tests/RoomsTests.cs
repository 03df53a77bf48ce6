using System.Reflection;

namespace Sequence.Cli.Tests;

/// <summary>The plan of the house: an arrow points only to an earlier room, and the first rooms know no libtorch.</summary>
[TestClass]
public sealed class RoomsTests
{
    private static readonly string[] TorchFree =
    [
        "Sequence.Numerics", "Sequence.Data", "Sequence.Forecasting", "Sequence.Backtesting", "Sequence.Streaming",
    ];

    private static readonly string[] InOrder =
    [
        .. TorchFree, "Sequence.Torch", "Sequence.Models", "Sequence.Training", "Sequence.Datasets", "Sequence.Reporting",
        "Sequence.Daemon", "sequence",
    ];

    [TestMethod]
    public void References_OfEveryRoom_PointToEarlierRooms()
    {
        for (var room = 0; room < InOrder.Length; room++)
        {
            foreach (var reference in Assembly.Load(InOrder[room]).GetReferencedAssemblies())
            {
                var target = Array.IndexOf(InOrder, reference.Name);
                Assert.IsLessThan(room, target, $"{InOrder[room]} references {reference.Name}");
            }
        }
    }

    [TestMethod]
    public void References_OfTorchFreeRooms_HoldNoTorchSharpAnywhereBelow()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([.. TorchFree, "Sequence.Datasets", "Sequence.Reporting", "Sequence.Daemon"]);
        while (open.TryPop(out var name))
        {
            Assert.IsFalse(name.StartsWith("TorchSharp", StringComparison.Ordinal), "TorchSharp is reached from a torch-free room");
            if (!name.StartsWith("Sequence.", StringComparison.Ordinal) || !seen.Add(name))
            {
                continue;
            }

            foreach (var reference in Assembly.Load(name).GetReferencedAssemblies())
            {
                open.Push(reference.Name!);
            }
        }

        Assert.IsGreaterThanOrEqualTo(6, seen.Count);
    }
}
