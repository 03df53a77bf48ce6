using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sequence.Data.Checkpoints;
using Sequence.Data.Scalers;

namespace Sequence.Data.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointTests
{
    [TestMethod]
    public void WriteThenRead_GivesTheSameManifestAndWeights()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var (manifest, weights) = Checkpoint.Read(target);

        Assert.AreEqual("resnls-5", manifest.Name);
        Assert.AreEqual(1, manifest.SchemaVersion);
        Assert.AreEqual("nlinear", manifest.Architecture.GetProperty("kind").GetString());
        Assert.AreEqual("close", manifest.Target);
        CollectionAssert.AreEqual(new[] { "close", "volume" }, manifest.Inputs.ToArray());
        Assert.AreEqual("business day", manifest.Frequency);
        Assert.AreEqual(new StandardScaler(3, 2), manifest.Scalers["sse"]);
        Assert.AreEqual(0.5, manifest.Calibration!.Value.GetProperty("score").GetDouble());
        Assert.AreEqual("abc", manifest.DataFingerprint);
        Assert.AreEqual(26.09, manifest.Metrics["mae"]);
        Assert.IsTrue(double.IsNaN(manifest.Metrics["undefined"]));
        Assert.AreEqual(ulong.MaxValue, manifest.Seed);
        Assert.AreEqual(new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero), manifest.CreatedAt);
        Assert.AreEqual("0.1.0", manifest.Versions["sequence"]);
        CollectionAssert.AreEqual(new[] { 1f, 1f, 1f }, weights.Singles("Linear.bias"));
        Assert.HasCount(1, Directory.GetFileSystemEntries(directory.Path));
    }

    [TestMethod]
    public void Write_SameManifestInAnotherKeyOrder_GivesTheSameBytes()
    {
        using var directory = new TemporaryDirectory();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["undefined"] = double.NaN, ["mae"] = 26.09 };
        Checkpoint.Write(directory.File("one"), Manifest(), Weights(1));
        Checkpoint.Write(directory.File("two"), Manifest() with { Metrics = metrics }, Weights(1));
        foreach (var name in new[] { Checkpoint.ManifestFile, Checkpoint.WeightsFile })
        {
            CollectionAssert.AreEqual(
                File.ReadAllBytes(Path.Combine(directory.File("one"), name)),
                File.ReadAllBytes(Path.Combine(directory.File("two"), name)));
        }
    }

    [TestMethod]
    public void Read_ManifestKeysInAnyOrder_GivesTheSameManifest()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var path = Path.Combine(target, Checkpoint.ManifestFile);
        var keys = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        var reversed = new JsonObject(keys.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        File.WriteAllText(path, reversed.ToJsonString());
        Assert.AreEqual(new StandardScaler(3, 2), Checkpoint.Read(target).Manifest.Scalers["sse"]);
    }

    [TestMethod]
    public void Read_AnyByteOfTheWeightsFlipped_ThrowsCheckpointExceptionNamingTheFile()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var path = Path.Combine(target, Checkpoint.WeightsFile);
        var bytes = File.ReadAllBytes(path);
        for (var offset = 0; offset < bytes.Length; offset++)
        {
            foreach (var flip in new byte[] { 1, 0x20, 0xFF })
            {
                bytes[offset] ^= flip;
                File.WriteAllBytes(path, bytes);
                bytes[offset] ^= flip;
                var exception = Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Read(target), $"offset {offset}");
                Assert.AreEqual(path, exception.Path);
            }
        }
    }

    [TestMethod]
    [DataRow(Checkpoint.WeightsFile)]
    [DataRow(Checkpoint.ManifestFile)]
    public void Read_FileCutAtAnyLength_ThrowsCheckpointExceptionNamingTheFile(string name)
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var path = Path.Combine(target, name);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.AreEqual(path, Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Read(target)).Path);
        }

        File.Delete(path);
        Assert.AreEqual(path, Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Read(target)).Path);
    }

    [TestMethod]
    public void Read_AnyByteOfTheManifestFlipped_ThrowsCheckpointExceptionNamingAFile()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var path = Path.Combine(target, Checkpoint.ManifestFile);
        var bytes = File.ReadAllBytes(path);
        for (var offset = 0; offset < bytes.Length; offset++)
        {
            foreach (var flip in new byte[] { 1, 0x20, 0xFF })
            {
                bytes[offset] ^= flip;
                File.WriteAllBytes(path, bytes);
                bytes[offset] ^= flip;
                var exception = Assert.ThrowsExactly<CheckpointException>(
                    () => Checkpoint.Read(target), $"offset {offset} flip {flip}");
                Assert.AreEqual(path, exception.Path);
            }
        }
    }

    [TestMethod]
    public void Write_AManifest_CarriesTheHashOfItsContentWithoutSpacesAndWithSortedKeys()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(target, Checkpoint.ManifestFile)))!.AsObject();
        var weightsHash = Convert.ToHexStringLower(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(target, Checkpoint.WeightsFile))));
        var canonical = string.Concat(
            """{"architecture":{"horizon":3,"kind":"nlinear","lookBack":2},"calibration":{"score":0.5},""",
            """ "createdAt":"2026-11-24T01:02:03+00:00","dataFingerprint":"abc","frequency":"business day",""",
            """ "inputs":["close","volume"],"metrics":{"mae":26.09,"undefined":"NaN"},"name":"resnls-5",""",
            """ "scalers":{"sse":{"kind":"standard","mean":3,"scale":2}},"schemaVersion":1,"seed":18446744073709551615,""",
            $$""" "target":"close","versions":{"sequence":"0.1.0"},"weightsSha256":"{{weightsHash}}"}""")
            .Replace(" \"", "\"", StringComparison.Ordinal);
        Assert.AreEqual(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))), (string?)manifest["sha256"]);
    }

    [TestMethod]
    [DataRow("schemaVersion", "2", "upgrade Sequence")]
    [DataRow("schemaVersion", "0", "Train again")]
    [DataRow("schemaVersion", "\"1\"", "schemaVersion")]
    [DataRow("schemaVersion", null, "schemaVersion")]
    [DataRow("name", null, "'name'")]
    [DataRow("name", "null", "name")]
    [DataRow("scalers", null, "'scalers'")]
    [DataRow("weightsSha256", null, "'weightsSha256'")]
    [DataRow("sha256", null, "'sha256'")]
    [DataRow("seed", "2", "'sha256'")]
    [DataRow("surprise", "1", "'surprise'")]
    [DataRow("scalers", """{"sse":{"kind":"wavelet"}}""", "scalers")]
    [DataRow("scalers", """{"sse":{"kind":"standard","mean":0}}""", "scale")]
    [DataRow("scalers", """{"sse":{"kind":"standard","mean":0,"scale":0}}""", "scale is 0")]
    [DataRow("scalers", """{"sse":{"mean":0,"scale":1}}""", "scalers")]
    [DataRow("scalers", """{"sse":{"kind":"standard","mean":0,"scale":1,"wave":2}}""", "'wave'")]
    [DataRow("scalers", """{"sse":{"kind":"standard","mean":null,"scale":1}}""", "'mean'")]
    [DataRow("scalers", """{"sse":{"kind":"chain","first":{"kind":"difference"}}}""", "'second'")]
    [DataRow("scalers", "[]", "scalers")]
    [DataRow("inputs", """["close",1]""", "'inputs'")]
    [DataRow("versions", """{"sequence":1}""", "versions.sequence")]
    [DataRow("metrics", """{"mae":"small"}""", "metrics.mae")]
    [DataRow("seed", "-1", "'seed'")]
    [DataRow("createdAt", "\"yesterday\"", "'createdAt'")]
    public void Read_ManifestWithAFault_NamesTheField(string field, string? json, string expected)
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(1));
        var path = Path.Combine(target, Checkpoint.ManifestFile);
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        manifest.Remove(field);
        if (json is not null)
        {
            manifest[field] = JsonNode.Parse(json);
        }

        File.WriteAllText(path, manifest.ToJsonString());
        var exception = Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Read(target));
        Assert.AreEqual(path, exception.Path);
        Assert.Contains(expected, exception.Message);
    }

    [TestMethod]
    public void Write_WhileOthersRead_EveryReadIsWhole()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        Checkpoint.Write(target, Manifest(), Weights(0));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var reads = 0;
            while (!stop.IsCancellationRequested || reads == 0)
            {
                var (manifest, weights) = Checkpoint.Read(target);
                Assert.AreEqual(manifest.Seed == ulong.MaxValue ? 0 : manifest.Seed, (ulong)weights.Singles("Linear.bias")[2]);
                reads++;
            }

            return reads;
        })).ToArray();
        for (var version = 1; version <= 60; version++)
        {
            Checkpoint.Write(target, Manifest() with { Seed = (ulong)version }, Weights(version));
        }

        stop.Cancel();
        Assert.IsGreaterThan(1, Task.WhenAll(readers).GetAwaiter().GetResult().Sum());
        Assert.AreEqual(60UL, Checkpoint.Read(target).Manifest.Seed);
        Assert.HasCount(1, Directory.GetFileSystemEntries(directory.Path));
    }

    [TestMethod]
    public void Write_LeftoversOfAKilledWriter_AreIgnoredAndRemovedWhenOld()
    {
        using var directory = new TemporaryDirectory();
        var target = directory.File("model");
        var old = Directory.CreateDirectory(directory.File(".model.1.tmp"));
        File.WriteAllText(Path.Combine(old.FullName, Checkpoint.ManifestFile), "{");
        old.LastWriteTimeUtc = old.LastWriteTimeUtc.AddDays(-2);
        var recent = Directory.CreateDirectory(directory.File(".model.2.tmp"));
        Checkpoint.Write(target, Manifest(), Weights(1));
        Assert.AreEqual("resnls-5", Checkpoint.Read(target).Manifest.Name);
        Assert.IsFalse(Directory.Exists(old.FullName));
        Assert.IsTrue(Directory.Exists(recent.FullName));
    }

    [TestMethod]
    public void Write_WhereNoDirectoryCanBeMade_ThrowsCheckpointException()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("file");
        File.WriteAllText(file, "here already");
        Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Write(Path.Combine(file, "model"), Manifest(), Weights(1)));
        Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Write(file, Manifest(), Weights(1)));
        Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Write("/", Manifest(), Weights(1)));
        Assert.AreEqual("here already", File.ReadAllText(file));
    }

    [TestMethod]
    [DataRow("size=64k", false)]
    [DataRow("size=1m", true)]
    public void Write_FullOrReadOnlyDisk_ThrowsAndLeavesTheOldCheckpoint(string options, bool readOnly)
    {
        using var directory = new TemporaryDirectory();
        if (!Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.Path))
        {
            Assert.Inconclusive("Mounting a small file system needs root.");
        }

        try
        {
            var target = directory.File("model");
            Checkpoint.Write(target, Manifest(), Weights(1));
            if (readOnly)
            {
                Assert.IsTrue(Run("mount", "-o", "remount,ro", directory.Path));
            }

            var large = new CheckpointWeights(
                [SafetensorsTensor.FromSingles("Linear.weight", [1 << 16], new float[1 << 16])]);
            Assert.ThrowsExactly<CheckpointException>(() => Checkpoint.Write(target, Manifest(), large));
            CollectionAssert.AreEqual(new[] { 1f, 1f, 1f }, Checkpoint.Read(target).Weights.Singles("Linear.bias"));
            Assert.HasCount(1, Directory.GetFileSystemEntries(directory.Path));
        }
        finally
        {
            Run("umount", directory.Path);
        }
    }

    [TestMethod]
    public void Validate_WhatDoesNotFitTheDeclarations_IsNamed()
    {
        var start = Initialisation.Constant(0);
        WeightDeclaration[] declarations =
        [
            new("a.weight", WeightRole.Input, start, [new UnitAxis("o", 2, 3), new UnitAxis("i", 4)]),
            new("a.bias", WeightRole.Vector, start, [new UnitAxis("o", 2, 3)]),
        ];
        var weight = SafetensorsTensor.FromSingles("a.weight", [6, 4], new float[24]);
        var bias = SafetensorsTensor.FromDoubles("a.bias", [6], new double[6]);
        var count = new SafetensorsTensor("a.num_batches_tracked", SafetensorsType.I64, [], new byte[8]);
        new CheckpointWeights([weight, bias, count]).Validate(declarations, "here");

        AssertFault("a.bias", weight);
        AssertFault("a.weight", SafetensorsTensor.FromSingles("a.weight", [4, 6], new float[24]), bias);
        AssertFault("a.bias", weight, new SafetensorsTensor("a.bias", SafetensorsType.I32, [6], new byte[24]));
        AssertFault("b.more", weight, bias, SafetensorsTensor.FromSingles("b.more", [1], [0]));

        void AssertFault(string name, params SafetensorsTensor[] tensors)
        {
            var exception = Assert.ThrowsExactly<CheckpointException>(
                () => new CheckpointWeights(tensors).Validate(declarations, "here"));
            Assert.Contains($"'{name}'", exception.Message);
        }
    }

    private static ModelManifest Manifest() => new()
    {
        Name = "resnls-5",
        Architecture = JsonSerializer.SerializeToElement(new { kind = "nlinear", lookBack = 2, horizon = 3 }),
        Target = "close",
        Inputs = ["close", "volume"],
        Frequency = "business day",
        Scalers = new Dictionary<string, Scaler>(StringComparer.Ordinal) { ["sse"] = new StandardScaler(3, 2) },
        Calibration = JsonSerializer.SerializeToElement(new { score = 0.5 }),
        DataFingerprint = "abc",
        Metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["mae"] = 26.09, ["undefined"] = double.NaN },
        Seed = ulong.MaxValue,
        CreatedAt = new DateTimeOffset(2026, 11, 24, 1, 2, 3, TimeSpan.Zero),
        Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["sequence"] = "0.1.0" },
    };

    private static CheckpointWeights Weights(float value) => new(
    [
        SafetensorsTensor.FromSingles("Linear.weight", [3, 2], [value, value, value, value, value, value]),
        SafetensorsTensor.FromSingles("Linear.bias", [3], [value, value, value]),
    ]);

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
