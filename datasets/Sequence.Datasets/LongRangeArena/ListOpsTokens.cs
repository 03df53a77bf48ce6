namespace Sequence.Datasets;

/// <summary>
/// The 18 symbols of ListOps as bytes: padding 0, unknown 1, end 2, the digits 0 to 9 as 3 to 12, the operators [MIN, [MAX,
/// [MED, [SM as 13 to 16, and ] as 17.
/// </summary>
/// <remarks>
/// The set is that of the S4 loader, which numbers the last fifteen by how often they occur in the training part; here the
/// numbers are fixed, which only permutes the rows of an embedding. Parentheses are no tokens: the operators and ] carry all
/// of the structure.
/// </remarks>
public static class ListOpsTokens
{
    /// <summary>Padding behind the end of a sequence.</summary>
    public const byte Padding = 0;

    /// <summary>A symbol that is not of the language; never made here.</summary>
    public const byte Unknown = 1;

    /// <summary>The end of a sequence.</summary>
    public const byte End = 2;

    /// <summary>The digit 0; digit d is this plus d.</summary>
    public const byte Zero = 3;

    /// <summary>The operator [MIN: the least of its arguments.</summary>
    public const byte Minimum = 13;

    /// <summary>The operator [MAX: the greatest of its arguments.</summary>
    public const byte Maximum = 14;

    /// <summary>The operator [MED: the median of its arguments, rounded down.</summary>
    public const byte Median = 15;

    /// <summary>The operator [SM: the sum of its arguments modulo 10.</summary>
    public const byte SumModulo = 16;

    /// <summary>The bracket ] that closes an operator.</summary>
    public const byte Close = 17;

    /// <summary>Each symbol as written, by its byte.</summary>
    public static IReadOnlyList<string> Symbols { get; } =
        ["<pad>", "<unk>", "<eos>", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[MIN", "[MAX", "[MED", "[SM", "]"];

    /// <summary>Whether a byte stands for a digit.</summary>
    public static bool IsDigit(byte token) => token is >= Zero and < Minimum;

    /// <summary>Whether a byte stands for an operator.</summary>
    public static bool IsOperator(byte token) => token is >= Minimum and <= SumModulo;

    /// <summary>A model's input: the first <paramref name="maximumLength"/> - 1 tokens, then <see cref="End"/>.</summary>
    /// <param name="tokens">The tokens of an expression.</param>
    /// <param name="maximumLength">Greatest length of the result; S4 takes 2048, which cuts nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> tokens, int maximumLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        return [.. tokens[..Math.Min(tokens.Length, maximumLength - 1)], End];
    }

    /// <summary>The symbols of a sequence, one space between two.</summary>
    /// <param name="tokens">Bytes below 18.</param>
    /// <exception cref="ArgumentOutOfRangeException">A byte stands for no symbol.</exception>
    public static string Decode(ReadOnlySpan<byte> tokens)
    {
        var symbols = new string[tokens.Length];
        for (var index = 0; index < tokens.Length; index++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens[index], Close, nameof(tokens));
            symbols[index] = Symbols[tokens[index]];
        }

        return string.Join(' ', symbols);
    }
}
