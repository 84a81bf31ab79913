using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Migrations;

/// <summary>Whether the database is at the level that this build expects.</summary>
public static class SchemaLevel
{
    /// <summary>What the database lacks for this build, and what it has of a newer one.</summary>
    public static async Task<SchemaState> GetStateAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        var applied = await ReadAppliedAsync(session, cancellationToken);
        var known = SqlFiles.Migrations.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var newer = applied.Where(file => file.IsMigration && !known.Contains(file.Name))
            .Select(file => file.Name).Order(StringComparer.Ordinal).ToList();
        var missing = Missing(applied);
        // Definitions that differ are then a newer build's, which still work for this one: migrations expand before they contract.
        return new SchemaState(newer.Count > 0 ? [.. missing.Where(known.Contains)] : missing, newer);
    }

    /// <summary>Whether the database is up to date: all files are applied, and it has no migration that this build does not know.</summary>
    public static async Task<bool> IsExactAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        var applied = await ReadAppliedAsync(session, cancellationToken);
        return Missing(applied).Count == 0 && applied.Count(file => file.IsMigration) == SqlFiles.Migrations.Count;
    }

    private static Task<List<AppliedFile>> ReadAppliedAsync(PlatformSession session, CancellationToken cancellationToken) =>
        session.QueryAsync<AppliedFile>("""
            select name, checksum, true as is_migration from app.schema_migration
            union all
            select name, checksum, false from app.schema_definition
            """, null, cancellationToken);

    private static List<string> Missing(List<AppliedFile> applied)
    {
        var known = applied.ToDictionary(file => file.Name, file => file.Checksum, StringComparer.Ordinal);
        return SqlFiles.Migrations.Concat(SqlFiles.Current)
            .Where(file => known.GetValueOrDefault(file.Name) != file.Checksum)
            .Select(file => file.Name)
            .ToList();
    }

    private sealed record AppliedFile
    {
        public string Name { get; init; } = "";
        public string Checksum { get; init; } = "";
        public bool IsMigration { get; init; }
    }
}

/// <summary>
/// The level of the database. <see cref="Missing"/> names migrations and definitions that it lacks or has in another text; empty if this
/// build can use it. <see cref="Newer"/> names migrations that this build does not know.
/// </summary>
public sealed record SchemaState(IReadOnlyList<string> Missing, IReadOnlyList<string> Newer);
