namespace Sequence.Datasets;

/// <summary>What a pack of images holds.</summary>
/// <param name="Size">Height and width of an image.</param>
/// <param name="FirstIndex">Index of the first image in the whole data set.</param>
/// <param name="Count">Images in the pack.</param>
/// <param name="Seed">Seed of the generator.</param>
/// <param name="Source">The generator, its version and all its parameters in one line: packs belong together where it and the
/// seed are the same.</param>
public sealed record ImagePackHeader(int Size, long FirstIndex, int Count, ulong Seed, string Source);
