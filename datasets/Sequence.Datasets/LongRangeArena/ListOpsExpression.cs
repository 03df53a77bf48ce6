using System.Text;
using Sequence.Data;

namespace Sequence.Datasets;

/// <summary>
/// An expression of ListOps (Nangia and Bowman, 2018): a digit, or an operator and its arguments, which are expressions. Its
/// value is a digit: MIN and MAX as named, MED the median rounded down, SM the sum modulo 10.
/// </summary>
/// <remarks>
/// Two written forms: tokens, for example <c>[MAX 4 3 ]</c>, and the source of the data files, which writes an operator with
/// its arguments as applications to one argument at a time, <c>( ( ( [MAX 4 ) 3 ) ] )</c>.
/// </remarks>
public sealed class ListOpsExpression
{
    private readonly byte[] _tokens;

    private ListOpsExpression(byte[] tokens, int value)
    {
        _tokens = tokens;
        Value = value;
    }

    /// <summary>The tokens, as bytes of <see cref="ListOpsTokens"/>; an operator comes before its arguments.</summary>
    public ReadOnlyMemory<byte> Tokens => _tokens;

    /// <summary>What it evaluates to, 0 to 9.</summary>
    public int Value { get; }

    /// <summary>Reads the source form.</summary>
    /// <param name="source">Symbols and parentheses, one space between two.</param>
    /// <exception cref="DataFormatException">It is no expression; says at which character.</exception>
    public static ListOpsExpression Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parser = new ListOpsParser(Encoding.UTF8.GetBytes(source));
        return parser.Run()
            ? new ListOpsExpression(parser.Tokens, Evaluate(parser.Tokens))
            : throw new DataFormatException(parser.Fault);
    }

    /// <summary>Takes tokens.</summary>
    /// <param name="tokens">Bytes of <see cref="ListOpsTokens"/>, without end or padding.</param>
    /// <exception cref="DataFormatException">They are no expression; says at which token.</exception>
    public static ListOpsExpression FromTokens(ReadOnlySpan<byte> tokens)
    {
        var open = new Stack<int>();
        for (var index = 0; index < tokens.Length; index++)
        {
            var token = tokens[index];
            if (index > 0 && open.Count == 0)
            {
                throw new DataFormatException($"token {index + 1} follows an expression that is complete.");
            }

            if (ListOpsTokens.IsOperator(token))
            {
                open.Push(index);
            }
            else if (token == ListOpsTokens.Close)
            {
                if (open.Count == 0 || open.Pop() == index - 1)
                {
                    throw new DataFormatException($"token {index + 1}, ], closes an operator without arguments, or none.");
                }
            }
            else if (!ListOpsTokens.IsDigit(token))
            {
                throw new DataFormatException($"token {index + 1} is {token}, which is no digit, operator or bracket.");
            }
        }

        return tokens.Length > 0 && open.Count == 0
            ? new ListOpsExpression(tokens.ToArray(), Evaluate(tokens))
            : throw new DataFormatException($"the tokens end while {open.Count} operators are open, or there are none.");
    }

    /// <summary>The source form.</summary>
    public override string ToString()
    {
        var bytes = new List<byte>();
        WriteSource(_tokens, bytes);
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The value of well-formed tokens.</summary>
    internal static int Evaluate(ReadOnlySpan<byte> tokens)
    {
        // Values and open operators share a stack: values lie below the bytes of operators, so the last operator is found
        // by looking back.
        var stack = new byte[tokens.Length];
        var top = 0;
        foreach (var token in tokens)
        {
            if (token != ListOpsTokens.Close)
            {
                stack[top++] = ListOpsTokens.IsDigit(token) ? (byte)(token - ListOpsTokens.Zero) : token;
                continue;
            }

            var first = top;
            while (stack[first - 1] < ListOpsTokens.Minimum)
            {
                first--;
            }

            stack[first - 1] = Apply(stack[first - 1], stack.AsSpan(first, top - first));
            top = first;
        }

        return stack[0];
    }

    /// <summary>Appends the source form of well-formed tokens.</summary>
    internal static void WriteSource(ReadOnlySpan<byte> tokens, List<byte> target)
    {
        // An operator of k arguments opens k + 1 parentheses in front of itself, so the arguments are counted first.
        var arguments = new int[tokens.Length];
        var open = new int[tokens.Length];
        var depth = 0;
        for (var index = 0; index < tokens.Length; index++)
        {
            if (tokens[index] == ListOpsTokens.Close)
            {
                depth--;
                continue;
            }

            if (depth > 0)
            {
                arguments[open[depth - 1]]++;
            }

            if (ListOpsTokens.IsOperator(tokens[index]))
            {
                open[depth++] = index;
            }
        }

        depth = 0;
        for (var index = 0; index < tokens.Length; index++)
        {
            var token = tokens[index];
            if (index > 0)
            {
                target.Add((byte)' ');
            }

            if (ListOpsTokens.IsOperator(token))
            {
                for (var parenthesis = 0; parenthesis <= arguments[index]; parenthesis++)
                {
                    target.AddRange("( "u8);
                }

                target.AddRange(Written(token));
                depth++;
                continue;
            }

            if (token == ListOpsTokens.Close)
            {
                target.AddRange("] )"u8);
                depth--;
            }
            else
            {
                target.Add((byte)('0' + token - ListOpsTokens.Zero));
            }

            if (depth > 0)
            {
                target.AddRange(" )"u8);
            }
        }
    }

    private static ReadOnlySpan<byte> Written(byte token) => token switch
    {
        ListOpsTokens.Minimum => "[MIN"u8,
        ListOpsTokens.Maximum => "[MAX"u8,
        ListOpsTokens.Median => "[MED"u8,
        _ => "[SM"u8,
    };

    private static byte Apply(byte operation, Span<byte> values)
    {
        switch (operation)
        {
            case ListOpsTokens.SumModulo:
                var sum = 0;
                foreach (var value in values)
                {
                    sum += value;
                }

                return (byte)(sum % 10);
            case ListOpsTokens.Minimum:
                values.Sort();
                return values[0];
            case ListOpsTokens.Maximum:
                values.Sort();
                return values[^1];
            default:
                values.Sort();
                return (byte)((values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2);
        }
    }
}
