namespace SalesBrain.Core.Tenants;

/// <summary>The Genesys organization of a tenant, as a line of an import names it.</summary>
/// <param name="Line">Line number in the file; the heading is line 1.</param>
/// <param name="GenesysRegion">Null leaves the region as it is.</param>
public sealed record TenantMapping(int Line, string TenantKey, string GenesysOrgId, string? GenesysRegion);

/// <summary>A tenant's Genesys organization now.</summary>
public sealed record MappedTenant(Guid Id, Guid OrganizationId, string TenantKey, string? GenesysOrgId, string? GenesysRegion);

/// <summary>An error of an import: the line, the column, and what is wrong.</summary>
public sealed record MappingError(int Line, string Column, string Message);

/// <summary>Rules of an import of Genesys organizations. It is applied as a whole, or not at all.</summary>
public static class TenantMappingRules
{
    /// <summary>Most lines of a file.</summary>
    public const int MaxLines = 10_000;

    /// <summary>The errors of the file alone.</summary>
    public static IEnumerable<MappingError> FindErrors(IReadOnlyList<TenantMapping> mappings)
    {
        foreach (var mapping in mappings)
        {
            if (mapping.TenantKey.Length == 0)
            {
                yield return new(mapping.Line, "tenant_key", "is required");
            }
            if (GenesysOrgIds.Read(mapping.GenesysOrgId) is null)
            {
                yield return new(mapping.Line, "genesys_org_id", GenesysOrgIds.Rule);
            }
            if (mapping.GenesysRegion is { } region && !GenesysRegions.IsKnown(region))
            {
                yield return new(mapping.Line, "genesys_region", $"must be one of {string.Join(", ", GenesysRegions.Names)}");
            }
        }
        foreach (var (second, first) in Repeated(mappings, mapping => mapping.TenantKey))
        {
            yield return new(second.Line, "tenant_key", $"is on line {first.Line} already");
        }
        foreach (var (second, first) in Repeated(mappings, mapping => GenesysOrgIds.Read(mapping.GenesysOrgId) ?? ""))
        {
            yield return new(second.Line, "genesys_org_id", $"is on line {first.Line} already");
        }
    }

    /// <summary>
    /// The errors of a file without errors of its own: unknown tenants, and Genesys organizations of tenants outside the file.
    /// </summary>
    /// <param name="mappings">The lines.</param>
    /// <param name="tenants">The tenants that a line names, and those that have a Genesys organization of a line.</param>
    public static IEnumerable<MappingError> FindErrors(IReadOnlyList<TenantMapping> mappings, IReadOnlyList<MappedTenant> tenants)
    {
        var keys = mappings.Select(mapping => mapping.TenantKey).ToHashSet(StringComparer.Ordinal);
        var known = tenants.Select(tenant => tenant.TenantKey).ToHashSet(StringComparer.Ordinal);
        var others = tenants.Where(tenant => !keys.Contains(tenant.TenantKey) && tenant.GenesysOrgId is not null)
            .ToDictionary(tenant => tenant.GenesysOrgId!, StringComparer.Ordinal);
        foreach (var mapping in mappings)
        {
            if (!known.Contains(mapping.TenantKey))
            {
                yield return new(mapping.Line, "tenant_key", "must be the key of an existing tenant");
            }
            if (others.TryGetValue(GenesysOrgIds.Read(mapping.GenesysOrgId)!, out var owner))
            {
                yield return new(mapping.Line, "genesys_org_id", $"belongs to the tenant {owner.TenantKey}");
            }
        }
    }

    private static IEnumerable<(TenantMapping Second, TenantMapping First)> Repeated(
        IReadOnlyList<TenantMapping> mappings, Func<TenantMapping, string> key) =>
        mappings.Where(mapping => key(mapping).Length > 0).GroupBy(key, StringComparer.Ordinal)
            .SelectMany(group => group.Skip(1).Select(second => (second, group.First())));
}
