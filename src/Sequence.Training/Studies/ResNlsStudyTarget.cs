using System.Text.Json.Serialization;

namespace Sequence.Training;

/// <summary>What the models of <see cref="ResNlsStudy"/> are trained to forecast. Errors are always those of prices.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResNlsStudyTarget>))]
public enum ResNlsStudyTarget
{
    /// <summary>The price, mapped on [0, 1] by the range of the training rows, as in the paper.</summary>
    PriceLevel,

    /// <summary>The log-return, standardised on the training rows and compounded from the last price.</summary>
    LogReturn,
}
