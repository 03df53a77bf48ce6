namespace Sequence.Data.Checkpoints;

/// <summary>The element types of the safetensors format that this reader knows; each is stored little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1 ("BOOL").</summary>
    Bool,

    /// <summary>Unsigned, 1 byte ("U8").</summary>
    U8,

    /// <summary>Signed, 1 byte ("I8").</summary>
    I8,

    /// <summary>8-bit float with 5 exponent and 2 mantissa bits ("F8_E5M2").</summary>
    F8E5M2,

    /// <summary>8-bit float with 4 exponent and 3 mantissa bits ("F8_E4M3").</summary>
    F8E4M3,

    /// <summary>Signed, 2 bytes ("I16").</summary>
    I16,

    /// <summary>Unsigned, 2 bytes ("U16").</summary>
    U16,

    /// <summary>IEEE half precision ("F16").</summary>
    F16,

    /// <summary>The upper half of a single ("BF16").</summary>
    BF16,

    /// <summary>Signed, 4 bytes ("I32").</summary>
    I32,

    /// <summary>Unsigned, 4 bytes ("U32").</summary>
    U32,

    /// <summary>IEEE single precision ("F32").</summary>
    F32,

    /// <summary>IEEE double precision ("F64").</summary>
    F64,

    /// <summary>Signed, 8 bytes ("I64").</summary>
    I64,

    /// <summary>Unsigned, 8 bytes ("U64").</summary>
    U64,
}
