using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Sequence.Data.Checkpoints;

namespace Sequence.Data.Tests.Checkpoints;

[TestClass]
public sealed class SafetensorsFileTests
{
    private static readonly Gen<SafetensorsTensor> GenTensor =
        from name in Gen.String[Gen.Char.AlphaNumeric, 1, 12]
        from shape in Gen.Int[0, 4].Array[0, 3]
        from wide in Gen.Bool
        from values in Gen.Double.Array[shape.Aggregate(1, (product, length) => product * length)]
        select wide
            ? SafetensorsTensor.FromDoubles(name, shape, values)
            : SafetensorsTensor.FromSingles(name, shape, Array.ConvertAll(values, value => (float)value));

    [TestMethod]
    public void WriteThenRead_AnyTensors_GivesTheSameTensors()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("any.safetensors");
        GenTensor.Array[0, 6].Sample(
            tensors =>
            {
                var distinct = tensors.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).ToArray();
                SafetensorsFile.Write(path, distinct, new Dictionary<string, string>(StringComparer.Ordinal) { ["a\"b"] = "é" });
                var file = SafetensorsFile.Read(path);
                Assert.AreEqual("é", file.Metadata["a\"b"]);
                Assert.HasCount(distinct.Length, file.Tensors);
                foreach (var tensor in distinct)
                {
                    var read = file.Tensors[tensor.Name];
                    Assert.AreEqual(tensor.Type, read.Type);
                    CollectionAssert.AreEqual(tensor.Shape.ToArray(), read.Shape.ToArray());
                    Assert.IsTrue(tensor.Data.Span.SequenceEqual(read.Data.Span));
                }
            },
            iter: 200,
            threads: 1);
    }

    [TestMethod]
    public void Write_KnownTensors_GivesTheBytesOfThePublicFormat()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("known.safetensors");
        SafetensorsFile.Write(
            path,
            [
                SafetensorsTensor.FromSingles("b", [2], [1f, -2f]),
                SafetensorsTensor.FromDoubles("z", [], [1.0]),
                SafetensorsTensor.FromSingles("a", [1, 1], [0.5f]),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });

        // By the specification: widest first, then by name, no spaces, padded with spaces to a multiple of 8.
        const string Header =
            """{"__metadata__":{"format":"pt"},"z":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""";
        var padded = Encoding.ASCII.GetBytes(Header.PadRight((Header.Length + 7) / 8 * 8));
        byte[] data =
        [
            0, 0, 0, 0, 0, 0, 0xF0, 0x3F, // 1.0
            0, 0, 0, 0x3F, // 0.5f
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, // 1f, -2f
        ];
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. padded, .. data];
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Parse_HeaderInAnotherOrder_GivesTheSameTensors()
    {
        var file = Parse(
            """{ "b" : {"data_offsets":[4,12],"shape":[2],"dtype":"F32"}, "a":{"shape":[1,1],"dtype":"F32","data_offsets":[0,4]} }""",
            [0, 0, 0, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]);
        CollectionAssert.AreEqual(new[] { 1f, -2f }, file.Tensors["b"].ToSingles());
        CollectionAssert.AreEqual(new[] { 0.5f }, file.Tensors["a"].ToSingles());
    }

    [TestMethod]
    public void ToSingles_EveryHalf_EqualsSystemHalf()
    {
        var data = new byte[2 * 65536];
        for (var bits = 0; bits < 65536; bits++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * bits), (ushort)bits);
        }

        var values = new SafetensorsTensor("h", SafetensorsType.F16, [65536], data).ToSingles();
        for (var bits = 0; bits < 65536; bits++)
        {
            Assert.AreEqual((float)BitConverter.UInt16BitsToHalf((ushort)bits), values[bits]);
        }
    }

    [TestMethod]
    [DataRow((ushort)0x3F80, 1f)]
    [DataRow((ushort)0xC049, -3.140625f)]
    [DataRow((ushort)0x0001, 9.18354962e-41f)]
    [DataRow((ushort)0x7F80, float.PositiveInfinity)]
    [DataRow((ushort)0xFFC0, float.NaN)]
    public void ToSingles_BrainFloat_IsTheUpperHalfOfASingle(ushort bits, float expected)
    {
        byte[] data = [(byte)bits, (byte)(bits >> 8)];
        Assert.AreEqual(expected, new SafetensorsTensor("h", SafetensorsType.BF16, [1], data).ToSingles()[0]);
    }

    [TestMethod]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "JSON")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "'b' begins at offset 2")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "'b' begins at offset 8")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "end at 4")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fit")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "only 4 bytes")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "does not fit")]
    [DataRow("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "no size")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "no size")]
    [DataRow("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "dtype")]
    [DataRow("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "'shape'")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "'x'")]
    [DataRow("""{"a":7}""", 0, "'a'")]
    [DataRow("""{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,4]}}""", 4, "JSON")]
    [DataRow("""{"__metadata__":{"a":1}}""", 0, "__metadata__")]
    [DataRow("""{"a":[[[[[[[[[[[[]]]]]]]]]]]]}""", 0, "JSON")]
    [DataRow("""[]""", 0, "'{'")]
    [DataRow("", 0, "'{'")]
    public void Parse_BadHeader_NamesTheFault(string header, int dataBytes, string expected)
    {
        var exception = Assert.ThrowsExactly<CheckpointException>(() => Parse(header, new byte[dataBytes]));
        Assert.Contains(expected, exception.Message);
        Assert.StartsWith("here: ", exception.Message);
    }

    [TestMethod]
    public void Parse_HugeHeaderLength_ThrowsWithoutAllocating()
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue - 3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<CheckpointException>(() => SafetensorsFile.Parse(bytes, "here"));
        Assert.IsLessThan(1_000_000L, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Parse_EveryByteOfTheHeaderFlippedAnyWay_ThrowsNothingButCheckpointException()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("small.safetensors");
        SafetensorsFile.Write(
            path,
            [SafetensorsTensor.FromSingles("weight", [2, 1], [1, 2]), SafetensorsTensor.FromDoubles("bias", [1], [3])]);
        var bytes = File.ReadAllBytes(path);
        var header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var refused = 0;
        for (var offset = 0; offset < header; offset++)
        {
            for (var flip = 1; flip < 256; flip++)
            {
                bytes[offset] ^= (byte)flip;
                try
                {
                    SafetensorsFile.Parse(bytes, "here");
                }
                catch (CheckpointException)
                {
                    refused++;
                }

                bytes[offset] ^= (byte)flip;
            }
        }

        // What still parses differs from the original in a name, or in white space.
        Assert.IsGreaterThan(header * 200, refused);
    }

    [TestMethod]
    public void Parse_FileCutAtAnyLength_ThrowsCheckpointException()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("small.safetensors");
        SafetensorsFile.Write(path, [SafetensorsTensor.FromSingles("weight", [2, 3], [1, 2, 3, 4, 5, 6])]);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.ThrowsExactly<CheckpointException>(() => SafetensorsFile.Parse(bytes.AsMemory(0, length), "here"));
        }
    }

    [TestMethod]
    public void View_OfTheSameWidth_SharesTheBytesAndOfAnotherThrows()
    {
        var tensor = SafetensorsTensor.FromSingles("a", [2], [1f, -2f]);
        Assert.IsTrue(tensor.View<float>() is [1f, -2f]);
        Assert.IsTrue(tensor.View<uint>() is [0x3F800000, 0xC0000000]);
        Assert.ThrowsExactly<ModelException>(() => tensor.View<double>().Length);
    }

    [TestMethod]
    public void Read_MissingFile_NamesIt()
    {
        var exception = Assert.ThrowsExactly<CheckpointException>(() => SafetensorsFile.Read("/nowhere/at.all"));
        Assert.AreEqual("/nowhere/at.all", exception.Path);
    }

    private static SafetensorsFile Parse(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return SafetensorsFile.Parse((byte[])[.. length, .. text, .. data], "here");
    }
}
