using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Migrations;

/// <summary>Whether the database is at the level that this build expects.</summary>
public static class SchemaLevel
{
    /// <summary>Names of migrations and definitions that the database lacks or has in another text; empty when it is ready.</summary>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(PlatformSession session, CancellationToken cancellationToken) =>
        Missing(await ReadAppliedAsync(session, cancellationToken));

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
