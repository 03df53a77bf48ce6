using Sequence.Streaming;
using static TorchSharp.torch;

namespace Sequence.Models;

/// <summary>
/// Attention between positions of like hash; see <see cref="ReformerAttentionDeclaration"/>. There is no state. For a given
/// chunk, work is n log n and memory linear in the length n.
/// </summary>
public sealed class ReformerAttentionLayer : SequenceLayer
{
    // Below every score, and yet finite: where a position is all there is, it attends to itself.
    private const double SelfScore = -1e5;

    /// <summary>Creates the layer.</summary>
    /// <exception cref="ConfigurationException">A size is out of range; lists every fault.</exception>
    public ReformerAttentionLayer(ReformerAttentionDeclaration declaration)
    {
        declaration.Validate();
        Declaration = declaration;
    }

    /// <inheritdoc />
    public override ReformerAttentionDeclaration Declaration { get; }

    /// <inheritdoc />
    internal override Tensor ForwardMasked(IWeightSource weights, Tensor input, Tensor? mask, TrainingPass? training)
    {
        using var scope = NewDisposeScope();
        var (batch, length, heads, size) = (input.shape[0], input.shape[1], Declaration.Heads, Declaration.KeySize);
        var rounds = Declaration.Rounds;
        var chunk = Math.Min(Declaration.Chunk, length);
        var chunks = (length + chunk - 1) / chunk;
        var padded = chunks * chunk;

        Tensor Padded(Tensor source) => padded == length
            ? source
            : cat([source, zeros([.. source.shape[..2], padded - length, .. source.shape[3..]], dtype: source.dtype, device: source.device)], dim: 2);

        // Everything per head and round: [batch * heads, rounds, positions, ...].
        var query = Padded(AttentionHeads.Project(Declaration, weights, "q_proj", input)).flatten(0, 1);
        var value = Padded(AttentionHeads.Project(Declaration, weights, "v_proj", input)).flatten(0, 1);
        var valid = mask is null
            ? ones([batch, 1, length], dtype: ScalarType.Bool, device: input.device)
            : mask.squeeze(2).to(ScalarType.Bool).unsqueeze(1);
        valid = Padded(valid).expand(batch, heads, padded).flatten(0, 1);
        var order = Order(weights, query, valid);

        Tensor Sorted(Tensor source) => source.unsqueeze(1).expand(-1, rounds, -1, -1)
            .gather(2, order.unsqueeze(3).expand(-1, -1, -1, source.shape[2]))
            .reshape(-1, chunks, chunk, source.shape[2]);

        var queries = Sorted(query);
        var present = valid.unsqueeze(1).expand(-1, rounds, -1).gather(2, order).reshape(-1, chunks, chunk);
        var position = order.reshape(-1, chunks, chunk);
        var keys = WithPrevious(nn.functional.normalize(queries, dim: -1));
        var root = tensor(Math.Sqrt(size), dtype: query.dtype, device: query.device);

        // In place where it can be: these are the largest tensors there are.
        var scores = queries.div(root).flatten(0, 1).bmm(keys.flatten(0, 1).transpose(1, 2));
        scores.add_(Allowance(position, present).to(scores.dtype).flatten(0, 1));
        var total = scores.logsumexp(2, keepdim: true);
        var read = scores.sub(total).exp_().bmm(WithPrevious(Sorted(value)).flatten(0, 1));

        // Back to the order of time, and the rounds weighted by their sums of exponentials.
        var back = order.argsort(2);
        var inTime = read.reshape(-1, rounds, padded, size)
            .gather(2, back.unsqueeze(3).expand(-1, -1, -1, size));
        var share = total.reshape(-1, rounds, padded).gather(2, back).softmax(1);
        var joined = inTime.mul(share.unsqueeze(3)).sum(1).narrow(1, 0, length);
        return AttentionHeads.Output(Declaration, weights, joined.reshape(batch, heads, length, size)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    protected override LayerResult ForwardCore(
        IWeightSource weights, Tensor input, LayerState? state, TrainingPass? training, bool keepState)
    {
        AttentionHeads.RequireNoState(Declaration, state);
        return new(ForwardMasked(weights, input, mask: null, training), null);
    }

    /// <inheritdoc />
    protected override LayerResult StepCore(IWeightSource weights, Tensor input, LayerState? state) =>
        throw new ModelException($"Layer '{Declaration.Prefix}' has no step.");

    /// <summary>
    /// The positions sorted by bucket and, within one, by time: [batch * heads, rounds, positions]. What is not valid comes
    /// last, so that it does not move the chunks of the others.
    /// </summary>
    private Tensor Order(IWeightSource weights, Tensor query, Tensor valid)
    {
        var positions = query.shape[1];
        var rotated = einsum("npd,rdk->nrpk", query.detach(), weights.Get(Declaration.WeightName("rotations")));
        var bucket = cat([rotated, rotated.neg()], dim: 3).argmax(3);
        var last = tensor((long)Declaration.Buckets, dtype: ScalarType.Int64, device: query.device);
        var steps = tensor(positions, dtype: ScalarType.Int64, device: query.device);
        return where(valid.unsqueeze(1), bucket, last)
            .mul(steps)
            .add(arange(positions, dtype: ScalarType.Int64, device: query.device))
            .argsort(2);
    }

    /// <summary>What is added to the scores of sorted positions: 0 where a key is seen, -infinity where not.</summary>
    /// <param name="position">Places in time, [n, chunks, chunk].</param>
    /// <param name="present">Whether there is an input, [n, chunks, chunk].</param>
    /// <returns>[n, chunks, chunk, 2 * chunk] in float32.</returns>
    private Tensor Allowance(Tensor position, Tensor present)
    {
        using var scope = NewDisposeScope();
        Tensor Number(double value) => tensor(value, dtype: ScalarType.Float32, device: position.device);

        // No position is before the first chunk: what stands there is filled in and is not present.
        var (chunks, chunk) = (position.shape[1], position.shape[2]);
        var hasPrevious = arange(chunks, dtype: ScalarType.Int64, device: position.device).reshape(chunks, 1, 1).gt(tensor(0L));
        var isOwn = arange(2 * chunk, dtype: ScalarType.Int64, device: position.device).ge(tensor(chunk));
        var isThere = hasPrevious.logical_or(isOwn);
        var (key, query) = (WithPrevious(position).unsqueeze(2), position.unsqueeze(3));
        var allowed = WithPrevious(present).unsqueeze(2).logical_and(isThere);
        if (!Declaration.Bidirectional)
        {
            allowed = allowed.logical_and(key.le(query));
        }

        // A position of the first chunk stands in its place before as well, but is only once itself.
        var self = key.eq(query).logical_and(isThere);
        var others = where(allowed, Number(0), Number(double.NegativeInfinity));
        return where(self, Number(SelfScore), others).MoveToOuterDisposeScope();
    }

    /// <summary>Each chunk behind the one before it, [n, chunks, 2 * chunk, ...]; the first behind itself.</summary>
    private static Tensor WithPrevious(Tensor source)
    {
        var previous = cat([source.narrow(1, 0, 1), source.narrow(1, 0, source.shape[1] - 1)], dim: 1);
        return cat([previous, source], dim: 2);
    }
}
