using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Why something is not deleted.</summary>
internal static class DeletionRefusal
{
    /// <summary>The problem with a deletion that did not come about: what still belongs to the row, and how many of it, or another version than was named.</summary>
    internal static async Task<IResult> RefuseAsync(
        Call call, Deletion deletion, string table, Guid organizationId, Guid rowId)
    {
        if (deletion == Deletion.NotDone)
        {
            return Problems.ChangedMeanwhile;
        }
        var kept = await References.CountAsync(call.Read(), table, organizationId, rowId, call.CancellationToken);
        return kept.Count == 0 ? Problems.NotEmpty : Problems.NotEmpty.Because($"The {table} still has {Sentence(kept)}.");
    }

    private static string Sentence(List<ReferenceCount> counts) => counts is [var only]
        ? only.ToString()
        : $"{string.Join(", ", counts.SkipLast(1))} and {counts[^1]}";
}
