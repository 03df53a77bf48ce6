namespace Sequence.Torch;

/// <summary>What libtorch records while work runs.</summary>
public enum GradientMode
{
    /// <summary>Operations are recorded, so that gradients can be asked for.</summary>
    Recorded,

    /// <summary>Nothing is recorded; tensors made may be used in recorded work later.</summary>
    Disabled,

    /// <summary>Nothing is recorded nor can be later: the fastest mode, for forecasts.</summary>
    Inference,
}
