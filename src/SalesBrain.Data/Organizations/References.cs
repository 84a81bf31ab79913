using Npgsql;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Organizations;

/// <summary>What keeps a row from being deleted: the rows that reference it.</summary>
public static class References
{
    /// <summary>
    /// Counts the references to a row, including rows that the session cannot see. Empty if the row can be deleted and, in a tenant
    /// session, for a row of another organization.
    /// </summary>
    public static Task<List<ReferenceCount>> CountAsync(
        DatabaseSession session, string table, Guid organizationId, Guid rowId, CancellationToken cancellationToken) =>
        session.QueryAsync<ReferenceCount>("""
            select kind, count from app.count_references(@table, @organizationId, @rowId)
            """, new { table, organizationId, rowId }, cancellationToken);

    /// <summary>
    /// Runs a statement that deletes a row and returns how many it deleted. False when it deleted none because other rows reference it; the
    /// transaction can only be rolled back then.
    /// </summary>
    internal static async Task<bool> DeleteAsync(Func<Task<int>> statement)
    {
        try
        {
            return await statement() > 0;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return false;
        }
    }
}

/// <summary>How many rows of a kind, such as <c>lead</c> or <c>deleted lead</c>, reference another; counted to 10,001.</summary>
public sealed record ReferenceCount
{
    private const int Limit = 10_000;

    public string Kind { get; init; } = "";
    public long Count { get; init; }

    /// <summary>For a person: <c>2 agencies</c>.</summary>
    public override string ToString()
    {
        var plural = Kind.EndsWith('y') ? Kind[..^1] + "ies" : Kind + "s";
        return Count == 1 ? $"1 {Kind}" : Count > Limit ? $"more than {Limit} {plural}" : $"{Count} {plural}";
    }
}
