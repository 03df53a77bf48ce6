using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Sequence.Numerics;

namespace Sequence.Datasets;

/// <summary>
/// Makes the sequences of ListOps as Long Range Arena does (Tay et al., 2021): a node is a digit with a fixed probability, and
/// otherwise one of the four operators with 2 to k arguments, down to the deepest level, where all are digits. A tree is kept
/// when its number of tokens lies within bounds and it has not occurred before.
/// </summary>
/// <remarks>
/// Candidate tree i is a function of seed and i alone. Candidates are made in parallel and accepted in the order of i, so the
/// sequences are the same for any number of threads.
/// </remarks>
public sealed class ListOpsGenerator
{
    private const int Block = 8192;
    private const int FewestCandidates = 2_000_000;
    private const int MostCandidatesForOne = 20_000;

    private readonly ListOpsOptions _options;
    private readonly ulong _seed;
    private readonly ulong _valueThreshold;

    /// <summary>Creates the generator.</summary>
    /// <param name="options">What trees are made and kept.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ConfigurationException">An option cannot be used; lists every fault.</exception>
    public ListOpsGenerator(ListOpsOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _seed = seed;
        _valueThreshold = (ulong)(options.ValueProbability * (1UL << 32));
    }

    /// <summary>The candidate of an index: its tokens and its value, or null when its length is not within bounds.</summary>
    /// <param name="index">Which candidate, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public LabelledSequence? Candidate(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var random = new CounterRandom(_seed, (ulong)index);
        var buffer = ArrayPool<byte>.Shared.Rent(_options.ExclusiveMaximumLength);
        try
        {
            var tokens = buffer.AsSpan(0, _options.ExclusiveMaximumLength - 1);
            var length = 0;
            if (!Grow(random, 1, tokens, ref length) || length <= _options.ExclusiveMinimumLength)
            {
                return null;
            }

            tokens = tokens[..length];
            return new LabelledSequence(tokens.ToArray(), ListOpsExpression.Evaluate(tokens));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The first accepted sequences in order, none twice: tokens of <see cref="ListOpsTokens"/> without end, and the value.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="threads">Threads that make candidates, 1 to 512; null takes one for each processor.</param>
    /// <param name="cancellationToken">Stops between two blocks of candidates.</param>
    /// <exception cref="ConfigurationException">The options accept next to nothing, or fewer trees than asked for.</exception>
    public IEnumerable<LabelledSequence> Generate(
        int count, int? threads = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var degree = threads ?? Math.Min(Environment.ProcessorCount, 512);
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1, nameof(threads));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degree, 512, nameof(threads));
        return Accept(count, degree, cancellationToken);
    }

    private IEnumerable<LabelledSequence> Accept(int count, int threads, CancellationToken cancellationToken)
    {
        var seen = new HashSet<UInt128>();
        for (long start = 0; seen.Count < count; start += Block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (start > FewestCandidates && start / MostCandidatesForOne > seen.Count)
            {
                throw new ConfigurationException(
                    $"Only {seen.Count} of {start} candidates were accepted as new, {count} are wanted: with these options " +
                    "hardly any tree has a length within the bounds, or there are too few different ones. Widen the bounds " +
                    $"on the length, raise {nameof(ListOpsOptions.MaximumDepth)} or ask for fewer.");
            }

            var first = start;
            var accepted = ParallelEnumerable.Range(0, Block)
                .AsOrdered()
                .WithDegreeOfParallelism(threads)
                .Select(offset => Candidate(first + offset))
                .Where(candidate => candidate is not null)
                .Select(candidate => (Sequence: candidate!, Digest: Digest(candidate!.Values.Span)))
                .ToArray();
            foreach (var (sequence, digest) in accepted)
            {
                if (seen.Count < count && seen.Add(digest))
                {
                    yield return sequence;
                }
            }
        }
    }

    /// <summary>Appends a random tree; false as soon as it does not fit.</summary>
    private bool Grow(CounterRandom random, int depth, Span<byte> tokens, ref int length)
    {
        if (length == tokens.Length)
        {
            return false;
        }

        if (depth == _options.MaximumDepth || random.NextUInt32() < _valueThreshold)
        {
            tokens[length++] = (byte)(ListOpsTokens.Zero + random.NextInt(10));
            return true;
        }

        tokens[length++] = (byte)(ListOpsTokens.Minimum + random.NextInt(4));
        var arguments = 2 + random.NextInt(_options.MaximumArguments - 1);
        for (var argument = 0; argument < arguments; argument++)
        {
            if (!Grow(random, depth + 1, tokens, ref length))
            {
                return false;
            }
        }

        if (length == tokens.Length)
        {
            return false;
        }

        tokens[length++] = ListOpsTokens.Close;
        return true;
    }

    /// <summary>128 bits of SHA-256: equal for equal sequences, and in no conceivable run for others.</summary>
    private static UInt128 Digest(ReadOnlySpan<byte> tokens)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(tokens, digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
