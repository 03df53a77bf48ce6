using System.Text.Json;
using CsCheck;
using Sequence.Data;

namespace Sequence.Datasets.Tests.LongRangeArena;

[TestClass]
public sealed class ListOpsExpressionTests
{
    /// <summary>Tokens of a random well-formed expression, 3 levels at most.</summary>
    internal static Gen<byte[]> Expressions { get; } = Expression(3);

    [TestMethod]
    public void Parse_OfTheReferenceExamples_GivesTheirTokensLengthsAndTargets()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedReference.Require("state-space/listops_examples.json")));
        var examples = document.RootElement.GetProperty("examples").EnumerateArray().ToArray();
        Assert.IsGreaterThan(10, examples.Length);
        foreach (var example in examples)
        {
            var source = example.GetProperty("source").GetString()!;
            var expression = ListOpsExpression.Parse(source);
            var tokens = example.GetProperty("tokens").EnumerateArray()
                .Select(token => token.GetString()! is var symbol && symbol == "X" ? "]" : symbol);
            Assert.AreEqual(string.Join(' ', tokens), ListOpsTokens.Decode(expression.Tokens.Span));
            Assert.AreEqual(example.GetProperty("length").GetInt32(), expression.Tokens.Length);
            Assert.AreEqual(example.GetProperty("target").GetInt32(), expression.Value);
            Assert.AreEqual(source, expression.ToString());
        }
    }

    [TestMethod]
    [DataRow("7", 7)]
    [DataRow("( ( ( [MED 3 ) 8 ) ] )", 5)]
    [DataRow("( ( ( ( [MED 9 ) 0 ) 4 ) ] )", 4)]
    [DataRow("( ( ( ( [SM 9 ) 9 ) 9 ) ] )", 7)]
    [DataRow("( ( ( [MIN 4 ) ( ( ( [MAX 2 ) 3 ) ] ) ) ] )", 3)]
    [DataRow("( ( ( [MAX ( ( ( [SM 6 ) 7 ) ] ) ) 2 ) ] )", 3)]
    public void Value_WorkedByHand_IsFound(string source, int value) =>
        Assert.AreEqual(value, ListOpsExpression.Parse(source).Value);

    [TestMethod]
    [DataRow("", 1, "unbalanced")]
    [DataRow("12", 1, "unknown symbol")]
    [DataRow("5 5", 3, "complete")]
    [DataRow("5 ", 3, "complete")]
    [DataRow("( 5 )", 3, "unbalanced")]
    [DataRow("( [MIN ] )", 3, "unbalanced")]
    [DataRow("( ( [AVG 5 ) ] )", 5, "unknown symbol")]
    [DataRow("( ( [MIN 5 ] )", 12, "unbalanced")]
    [DataRow("( ( [MIN 5 ) ) )", 14, "unbalanced")]
    [DataRow("( ( [MIN 5 ) ] ) )", 18, "complete")]
    [DataRow("( ( ( [MIN 5 ) 6 ) ] ", 22, "unbalanced")]
    [DataRow("( ( ( [MIN 5 ) ] )", 16, "unbalanced")]
    [DataRow("( (  ( [MIN 5 ) 6 ) ] )", 5, "unbalanced")]
    public void Parse_OfAFault_SaysWhichCharacter(string source, int character, string reason)
    {
        var message = Assert.ThrowsExactly<DataFormatException>(() => ListOpsExpression.Parse(source)).Message;
        Assert.Contains($"at character {character} ", message);
        Assert.Contains(reason, message);
    }

    [TestMethod]
    public void Parse_CutAtAnyCharacter_IsRefused()
    {
        const string Source = "( ( ( [MIN 4 ) ( ( ( [MAX 2 ) 3 ) ] ) ) ] )";
        for (var length = 0; length < Source.Length; length++)
        {
            Assert.ThrowsExactly<DataFormatException>(() => ListOpsExpression.Parse(Source[..length]));
        }
    }

    [TestMethod]
    public void FromTokens_OfAFault_IsRefused()
    {
        byte[][] faults =
        [
            [], [ListOpsTokens.Padding], [18], [3, 3], [ListOpsTokens.Close], [ListOpsTokens.Minimum],
            [ListOpsTokens.Minimum, ListOpsTokens.Close], [ListOpsTokens.Minimum, 3], [ListOpsTokens.Minimum, 3, ListOpsTokens.Close, 3],
            [3, ListOpsTokens.End],
        ];
        foreach (var tokens in faults)
        {
            Assert.ThrowsExactly<DataFormatException>(() => ListOpsExpression.FromTokens(tokens));
        }
    }

    [TestMethod]
    public void Source_WrittenAndRead_KeepsTokensAndValue() => Expressions.Sample(tokens =>
    {
        var first = ListOpsExpression.FromTokens(tokens);
        var second = ListOpsExpression.Parse(first.ToString());
        CollectionAssert.AreEqual(tokens, second.Tokens.ToArray());
        Assert.AreEqual(first.Value, second.Value);
        Assert.AreEqual(SlowValue(tokens, 0).Value, first.Value);
    });

    [TestMethod]
    public void Value_OfArgumentsInAnotherOrder_IsTheSame() =>
        Gen.Select(Gen.Byte[ListOpsTokens.Minimum, ListOpsTokens.SumModulo], Expressions.Array[1, 6], Gen.Int).Sample(
            (operation, arguments, seed) =>
            {
                var other = arguments.ToArray();
                new Numerics.CounterRandom((ulong)(uint)seed).Shuffle(other.AsSpan());
                Assert.AreEqual(Join(operation, arguments).Value, Join(operation, other).Value);
            });

    [TestMethod]
    public void Encode_OfALongSequence_IsCutAndEnds()
    {
        byte[] tokens = [ListOpsTokens.Minimum, 3, 4, ListOpsTokens.Close];
        CollectionAssert.AreEqual(new byte[] { ListOpsTokens.Minimum, 3, 4, ListOpsTokens.Close, 2 }, ListOpsTokens.Encode(tokens, 2048));
        CollectionAssert.AreEqual(new byte[] { ListOpsTokens.Minimum, 3, 4, ListOpsTokens.Close, 2 }, ListOpsTokens.Encode(tokens, 5));
        CollectionAssert.AreEqual(new byte[] { ListOpsTokens.Minimum, 3, 4, 2 }, ListOpsTokens.Encode(tokens, 4));
        CollectionAssert.AreEqual(new byte[] { 2 }, ListOpsTokens.Encode(tokens, 1));
        Assert.HasCount(18, ListOpsTokens.Symbols);
    }

    private static Gen<byte[]> Expression(int depth)
    {
        var digit = Gen.Byte[ListOpsTokens.Zero, ListOpsTokens.Zero + 9].Select(token => new[] { token });
        return depth == 0
            ? digit
            : Gen.Frequency(
                (1, digit),
                (2, Gen.Select(Gen.Byte[ListOpsTokens.Minimum, ListOpsTokens.SumModulo], Expression(depth - 1).Array[1, 5]).Select(
                    (operation, arguments) => Join(operation, arguments).Tokens.ToArray())));
    }

    private static ListOpsExpression Join(byte operation, byte[][] arguments) =>
        ListOpsExpression.FromTokens([operation, .. arguments.SelectMany(argument => argument), ListOpsTokens.Close]);

    /// <summary>The definition, by recursion and in floating point, as the original takes the median.</summary>
    private static (int Value, int Next) SlowValue(byte[] tokens, int start)
    {
        if (tokens[start] <= 12)
        {
            return (tokens[start] - 3, start + 1);
        }

        var arguments = new List<int>();
        var next = start + 1;
        while (tokens[next] != 17)
        {
            (var value, next) = SlowValue(tokens, next);
            arguments.Add(value);
        }

        arguments.Sort();
        var half = arguments.Count / 2;
        var median = arguments.Count % 2 == 1 ? arguments[half] : (arguments[half - 1] + arguments[half]) / 2.0;
        return (tokens[start] switch { 13 => arguments[0], 14 => arguments[^1], 15 => (int)median, _ => arguments.Sum() % 10 }, next + 1);
    }
}
