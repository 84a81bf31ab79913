using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Why a resource cannot be deleted.</summary>
internal static class DeletionRefusal
{
    /// <summary>The problem with deleting a row that others reference: what they are, and how many.</summary>
    internal static async Task<IResult> RefuseAsync(Call call, string table, Guid organizationId, Guid rowId)
    {
        var kept = await References.CountAsync(call.Read(), table, organizationId, rowId, call.CancellationToken);
        return kept.Count == 0 ? Problems.NotEmpty : Problems.NotEmpty.Because($"The {table} still has {Sentence(kept)}.");
    }

    private static string Sentence(List<ReferenceCount> counts) => counts is [var only]
        ? only.ToString()
        : $"{string.Join(", ", counts.SkipLast(1))} and {counts[^1]}";
}
