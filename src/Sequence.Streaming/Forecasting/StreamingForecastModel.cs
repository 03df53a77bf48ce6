namespace Sequence.Streaming;

/// <summary>A checkpoint's model as a forecast model, evaluated by its streaming plan.</summary>
/// <param name="model">The opened checkpoint.</param>
/// <exception cref="ModelException">The model takes other inputs than the target, or has no scalers.</exception>
public sealed class StreamingForecastModel(StreamingModel model)
    : WindowForecastModel(model.Manifest.Name, model.Architecture, model.Manifest.Scalers)
{
    /// <summary>The opened checkpoint.</summary>
    public StreamingModel Model { get; } = model;

    /// <inheritdoc />
    protected override void Evaluate(ReadOnlySpan<float> window, Span<float> output) =>
        Model.Plan.Evaluate(window, output);
}
