using SalesBrain.Data.Migrations;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Data.Operations;

/// <summary>Whether the database is at the level that this build expects.</summary>
public static class SchemaLevel
{
    /// <summary>Names of migrations and definitions that the database lacks or has in another text; empty when it is ready.</summary>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(PlatformSession session, CancellationToken cancellationToken)
    {
        var applied = await session.QueryAsync<AppliedFile>("""
            select name, checksum from app.schema_migration
            union all
            select name, checksum from app.schema_definition
            """, null, cancellationToken);
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
    }
}
