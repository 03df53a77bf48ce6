using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// The trained numbers of S4 and S4D as a continuous system of every feature, in double precision: copies are spread over
/// the features, pairs of real numbers become complex ones.
/// </summary>
/// <param name="StepSize">dt, double [features, 1], multiplied by the rate.</param>
/// <param name="Diagonal">a, complex [features, modes].</param>
/// <param name="Input">b, complex [features, modes].</param>
/// <param name="Output">c, complex [kernels, features, modes].</param>
internal sealed record StructuredWeights(Tensor StepSize, Tensor Diagonal, Tensor Input, Tensor Output)
{
    public static StructuredWeights Read(StructuredStateSpaceDeclaration declaration, IWeightSource weights, double rate)
    {
        Tensor Get(string name) => weights.Get(declaration.WeightName(name)).to(ScalarType.Float64);
        var isReal = declaration is S4DDeclaration { RealState: true };
        Tensor Complex(string name) => isReal ? WithoutImaginary(Get(name)) : view_as_complex(Get(name).contiguous());
        var step = Get("kernel.inv_dt");

        // log(exp(v) + exp(0)) is the softplus without the linear branch that nn.functional.softplus takes early.
        step = declaration.StepSizeTransform == StepSizeTransform.Exp ? step.exp() : step.logaddexp(zeros_like(step));
        if (rate != 1)
        {
            step = step.mul(tensor(rate, dtype: ScalarType.Float64, device: step.device));
        }

        var decay = Get("kernel.A_real").exp().neg();
        var diagonal = isReal ? WithoutImaginary(decay) : complex(decay, Get("kernel.A_imag").neg());
        return new(
            step,
            Spread(declaration, diagonal),
            Spread(declaration, Complex("kernel.B").squeeze(0)),
            Complex("kernel.C"));
    }

    /// <summary>Feature h takes copy h mod copies: [copies, ...] to [features, ...].</summary>
    public static Tensor Spread(StructuredStateSpaceDeclaration declaration, Tensor copies) =>
        declaration.Copies == declaration.Features
            ? copies
            : copies.repeat([declaration.Features / declaration.Copies, .. Enumerable.Repeat(1L, (int)copies.dim() - 1)]);

    private static Tensor WithoutImaginary(Tensor real) => complex(real, zeros_like(real));
}
