using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sequence.Numerics;

/// <summary>
/// A matrix [rows, columns] laid out once for products with vectors: panels of as many rows as four (at the end, one) of
/// the machine's vectors hold, each panel column by column. One pass over the vector then updates all rows of a panel in
/// registers. Immutable and thread-safe.
/// </summary>
public sealed class PackedMatrix
{
    private const int Alignment = 64;
    private const int VectorsInPanel = 4;

    private readonly float[] _packed;
    private readonly int _start;
    private readonly int _lanes;

    /// <summary>Packs a copy of a matrix.</summary>
    /// <param name="matrix">[rows, columns], row-major.</param>
    /// <param name="rows">Number of rows; at least 1.</param>
    /// <param name="columns">Number of columns; at least 1.</param>
    /// <exception cref="ModelException">The sizes do not fit.</exception>
    public PackedMatrix(ReadOnlySpan<float> matrix, int rows, int columns)
        : this(matrix, rows, columns, Lanes.Best)
    {
    }

    internal PackedMatrix(ReadOnlySpan<float> matrix, int rows, int columns, int lanes)
    {
        if (rows < 1 || columns < 1 || matrix.Length != (long)rows * columns)
        {
            throw new ModelException($"A matrix [{rows}, {columns}] cannot be made of {matrix.Length} values.");
        }

        Rows = rows;
        Columns = columns;
        _lanes = lanes;
        var vectors = (rows + lanes - 1) / lanes;

        // Pinned, so that the panels stay on cache lines.
        _packed = GC.AllocateArray<float>(
            checked((vectors * lanes * columns) + (Alignment / sizeof(float))), pinned: true);
        var misaligned = (int)(Address(_packed) % Alignment);
        _start = (Alignment - misaligned) % Alignment / sizeof(float);

        var position = _start;
        for (var row = 0; row < rows;)
        {
            var height = HeightOfPanel(rows - row, lanes);
            for (var column = 0; column < columns; column++)
            {
                for (var inner = 0; inner < height; inner++, position++)
                {
                    _packed[position] = row + inner < rows ? matrix[((row + inner) * columns) + column] : 0;
                }
            }

            row += height;
        }
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>y = y + W x.</summary>
    /// <param name="x">[Columns].</param>
    /// <param name="y">[Rows]; may not overlap x.</param>
    /// <exception cref="ModelException">The lengths do not fit.</exception>
    public void MultiplyAdd(ReadOnlySpan<float> x, Span<float> y)
    {
        if (x.Length != Columns || y.Length != Rows)
        {
            throw new ModelException($"A matrix [{Rows}, {Columns}] cannot map {x.Length} values to {y.Length}.");
        }

        switch (_lanes)
        {
            case 16:
                MultiplyAdd<Lanes512, Vector512<float>>(x, y);
                break;
            case 8:
                MultiplyAdd<Lanes256, Vector256<float>>(x, y);
                break;
            default:
                MultiplyAdd<Lanes128, Vector128<float>>(x, y);
                break;
        }
    }

    private static unsafe nuint Address(float[] pinned) => (nuint)Unsafe.AsPointer(ref pinned[0]);

    private static int HeightOfPanel(int rows, int lanes) => rows >= VectorsInPanel * lanes ? VectorsInPanel * lanes : lanes;

    private void MultiplyAdd<TLanes, TVector>(ReadOnlySpan<float> x, Span<float> y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        ref var weights = ref _packed[_start];
        ref var input = ref MemoryMarshal.GetReference(x);
        ref var output = ref MemoryMarshal.GetReference(y);
        for (var row = 0; row < Rows;)
        {
            var height = HeightOfPanel(Rows - row, TLanes.Count);
            if (height == TLanes.Count)
            {
                Narrow<TLanes, TVector>(in weights, in input, Columns, ref output, (nuint)row, Rows - row);
            }
            else
            {
                Wide<TLanes, TVector>(in weights, in input, Columns, ref output, (nuint)row);
            }

            weights = ref Unsafe.Add(ref weights, height * Columns);
            row += height;
        }
    }

    // Eight sums at a time keep both multiply-add units busy over their latency of four cycles.
    private static void Wide<TLanes, TVector>(
        ref readonly float weights, ref readonly float input, int columns, ref float output, nuint row)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var lanes = (nuint)TLanes.Count;
        var even0 = TLanes.Load(in output, row);
        var even1 = TLanes.Load(in output, row + lanes);
        var even2 = TLanes.Load(in output, row + (2 * lanes));
        var even3 = TLanes.Load(in output, row + (3 * lanes));
        var odd0 = TLanes.Create(0);
        var odd1 = odd0;
        var odd2 = odd0;
        var odd3 = odd0;
        nuint position = 0;
        var column = 0;
        for (; column + 1 < columns; column += 2)
        {
            var first = TLanes.Create(Unsafe.Add(ref Unsafe.AsRef(in input), column));
            even0 = TLanes.MultiplyAdd(first, TLanes.Load(in weights, position), even0);
            even1 = TLanes.MultiplyAdd(first, TLanes.Load(in weights, position + lanes), even1);
            even2 = TLanes.MultiplyAdd(first, TLanes.Load(in weights, position + (2 * lanes)), even2);
            even3 = TLanes.MultiplyAdd(first, TLanes.Load(in weights, position + (3 * lanes)), even3);
            var second = TLanes.Create(Unsafe.Add(ref Unsafe.AsRef(in input), column + 1));
            odd0 = TLanes.MultiplyAdd(second, TLanes.Load(in weights, position + (4 * lanes)), odd0);
            odd1 = TLanes.MultiplyAdd(second, TLanes.Load(in weights, position + (5 * lanes)), odd1);
            odd2 = TLanes.MultiplyAdd(second, TLanes.Load(in weights, position + (6 * lanes)), odd2);
            odd3 = TLanes.MultiplyAdd(second, TLanes.Load(in weights, position + (7 * lanes)), odd3);
            position += 8 * lanes;
        }

        if (column < columns)
        {
            var last = TLanes.Create(Unsafe.Add(ref Unsafe.AsRef(in input), column));
            even0 = TLanes.MultiplyAdd(last, TLanes.Load(in weights, position), even0);
            even1 = TLanes.MultiplyAdd(last, TLanes.Load(in weights, position + lanes), even1);
            even2 = TLanes.MultiplyAdd(last, TLanes.Load(in weights, position + (2 * lanes)), even2);
            even3 = TLanes.MultiplyAdd(last, TLanes.Load(in weights, position + (3 * lanes)), even3);
        }

        TLanes.Store(TLanes.Add(even0, odd0), ref output, row);
        TLanes.Store(TLanes.Add(even1, odd1), ref output, row + lanes);
        TLanes.Store(TLanes.Add(even2, odd2), ref output, row + (2 * lanes));
        TLanes.Store(TLanes.Add(even3, odd3), ref output, row + (3 * lanes));
    }

    private static void Narrow<TLanes, TVector>(
        ref readonly float weights, ref readonly float input, int columns, ref float output, nuint row, int rows)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var lanes = (nuint)TLanes.Count;
        var sum0 = Lanes.Load<TLanes, TVector>(in output, row, rows);
        var sum1 = TLanes.Create(0);
        var sum2 = sum1;
        var sum3 = sum1;
        nuint position = 0;
        var column = 0;
        for (; column + 3 < columns; column += 4)
        {
            ref var four = ref Unsafe.Add(ref Unsafe.AsRef(in input), column);
            sum0 = TLanes.MultiplyAdd(TLanes.Create(four), TLanes.Load(in weights, position), sum0);
            sum1 = TLanes.MultiplyAdd(
                TLanes.Create(Unsafe.Add(ref four, 1)), TLanes.Load(in weights, position + lanes), sum1);
            sum2 = TLanes.MultiplyAdd(
                TLanes.Create(Unsafe.Add(ref four, 2)), TLanes.Load(in weights, position + (2 * lanes)), sum2);
            sum3 = TLanes.MultiplyAdd(
                TLanes.Create(Unsafe.Add(ref four, 3)), TLanes.Load(in weights, position + (3 * lanes)), sum3);
            position += 4 * lanes;
        }

        for (; column < columns; column++)
        {
            sum0 = TLanes.MultiplyAdd(
                TLanes.Create(Unsafe.Add(ref Unsafe.AsRef(in input), column)), TLanes.Load(in weights, position), sum0);
            position += lanes;
        }

        var sum = TLanes.Add(TLanes.Add(sum0, sum1), TLanes.Add(sum2, sum3));
        Lanes.Store<TLanes, TVector>(sum, ref output, row, rows);
    }
}
