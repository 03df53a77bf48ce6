namespace Sequence.Streaming;

/// <summary>The quasi LSTM with as many units as features (<see cref="QuasiLstmDeclaration"/>).</summary>
public sealed record QuasiLstmMixer : Mixer
{
    internal const string Kind = "qlstm";

    /// <inheritdoc />
    public override LayerDeclaration Declare(string prefix, int features, int length, double dropout) =>
        new QuasiLstmDeclaration(prefix, features, features);
}
