namespace Sequence.Data.Checkpoints;

/// <summary>Names and widths of the element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, int Width)[] Known =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("I16", 2), ("U16", 2), ("F16", 2),
        ("BF16", 2), ("I32", 4), ("U32", 4), ("F32", 4), ("F64", 8), ("I64", 8), ("U64", 8),
    ];

    public static string Name(SafetensorsType type) => Known[(int)type].Name;

    public static int Width(SafetensorsType type) => Known[(int)type].Width;

    public static SafetensorsType? Parse(string? name)
    {
        var index = Array.FindIndex(Known, known => string.Equals(known.Name, name, StringComparison.Ordinal));
        return index < 0 ? null : (SafetensorsType)index;
    }
}
