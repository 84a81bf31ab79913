using SalesBrain.Functions.Configuration;

namespace SalesBrain.Functions.Imports;

/// <summary>How many import jobs run at a time.</summary>
public sealed record ImportOptions
{
    /// <summary>Jobs of one organization, over all instances.</summary>
    public int PerOrganization { get; init; } = 3;

    /// <summary>Jobs on one instance.</summary>
    public int PerInstance { get; init; } = 4;

    internal static ImportOptions Read(SettingsReader settings) => new()
    {
        PerOrganization = settings.Number(
            "Imports__JobsPerOrganization", "the maximum number of import jobs at a time of one organization", 3, 1, 100),
        PerInstance = settings.Number("Imports__JobsPerInstance", "the maximum number of import jobs at a time on an instance", 4, 1, 100),
    };
}
