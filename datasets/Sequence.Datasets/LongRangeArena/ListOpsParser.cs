using System.Text;

namespace Sequence.Datasets;

/// <summary>
/// Reads the source form of ListOps without recursion. All parentheses in front of an operator are its own: one for the
/// bracket and one for each argument, so their number says how many arguments follow.
/// </summary>
internal ref struct ListOpsParser(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;

    /// <summary>The tokens read.</summary>
    internal byte[] Tokens { get; private set; } = [];

    /// <summary>What is wrong, when <see cref="Run"/> gave false.</summary>
    internal string Fault { get; private set; } = string.Empty;

    /// <summary>Reads all of the source; false when it is no expression.</summary>
    internal bool Run()
    {
        var tokens = new List<byte>(_source.Length / 4);
        var missing = new Stack<int>();
        do
        {
            // An expression starts here.
            var parentheses = 0;
            ReadOnlySpan<byte> word;
            while ((word = Next()).SequenceEqual("("u8))
            {
                parentheses++;
            }

            if (word is [>= (byte)'0' and <= (byte)'9'])
            {
                if (parentheses > 0)
                {
                    return Refuse(word, "is unbalanced: an operator must follow the opening parentheses, not a digit");
                }

                tokens.Add((byte)(word[0] - '0' + ListOpsTokens.Zero));
            }
            else if (Operator(word) is var operation and not 0)
            {
                if (parentheses < 2)
                {
                    return Refuse(word, $"is unbalanced: {parentheses} parentheses open in front of it, at least 2 must");
                }

                tokens.Add(operation);
                missing.Push(parentheses - 1);
                continue;
            }
            else
            {
                return word.IsEmpty || IsSymbol(word)
                    ? Refuse(word, "is unbalanced: a digit or an operator must stand here")
                    : Refuse(word, "is an unknown symbol");
            }

            // An expression is complete: it closes what it completes.
            while (missing.Count > 0)
            {
                if (!(word = Next()).SequenceEqual(")"u8))
                {
                    return Refuse(word, "is unbalanced: the parenthesis ) must close an argument here");
                }

                var left = missing.Pop() - 1;
                if (left > 0)
                {
                    missing.Push(left);
                    break;
                }

                if (!(word = Next()).SequenceEqual("]"u8) || !(word = Next()).SequenceEqual(")"u8))
                {
                    return Refuse(word, "is unbalanced: ] and ) must close the operator here");
                }

                tokens.Add(ListOpsTokens.Close);
            }
        }
        while (missing.Count > 0);

        if (_position < _source.Length)
        {
            return Refuse(Next(), "is unbalanced: the expression is complete before it");
        }

        Tokens = [.. tokens];
        return true;
    }

    private ReadOnlySpan<byte> Next()
    {
        if (_position > 0 && _position < _source.Length)
        {
            _position++;
        }

        var rest = _source[_position..];
        var length = rest.IndexOf((byte)' ');
        var word = length < 0 ? rest : rest[..length];
        _position += word.Length;
        return word;
    }

    private bool Refuse(ReadOnlySpan<byte> word, string reason)
    {
        var text = word.IsEmpty ? "the end or a second space" : $"'{Encoding.UTF8.GetString(word)}'";
        Fault = $"{text} at character {_position - word.Length + 1} {reason}.";
        return false;
    }

    private static byte Operator(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("[MIN"u8) ? ListOpsTokens.Minimum
        : word.SequenceEqual("[MAX"u8) ? ListOpsTokens.Maximum
        : word.SequenceEqual("[MED"u8) ? ListOpsTokens.Median
        : word.SequenceEqual("[SM"u8) ? ListOpsTokens.SumModulo
        : (byte)0;

    private static bool IsSymbol(ReadOnlySpan<byte> word) => word is [(byte)'(' or (byte)')' or (byte)']'];
}
