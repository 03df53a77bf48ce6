using Sequence.Data;
using Sequence.Data.Checkpoints;
using Sequence.Forecasting;

namespace Sequence.Streaming;

/// <summary>Opens checkpoints for forecasting, without libtorch.</summary>
public static class StreamingForecaster
{
    /// <summary>
    /// Opens a checkpoint as a forecast model, with intervals (<see cref="CalibratedModel"/>) when the checkpoint is
    /// calibrated.
    /// </summary>
    /// <example>
    /// <code>
    /// var model = StreamingForecaster.Open("models/resnls-5");
    /// var forecast = model.Forecast(history, horizon: 1, levels: [80, 95]);
    /// </code>
    /// </example>
    /// <param name="directory">The checkpoint.</param>
    /// <exception cref="CheckpointException">It is missing, corrupt, of a newer schema, or does not fit together.</exception>
    /// <exception cref="ModelException">The model takes other inputs than the target, or has no scalers.</exception>
    public static IForecastModel Open(string directory)
    {
        var model = StreamingModel.Open(directory);
        var forecast = new StreamingForecastModel(model);
        var calibrations = ManifestSections.ReadCalibrations(
            model.Manifest, Path.Combine(directory, Checkpoint.ManifestFile));
        return calibrations.Count == 0 ? forecast : new CalibratedModel(forecast, calibrations);
    }
}
