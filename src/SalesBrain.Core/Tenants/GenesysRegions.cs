using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SalesBrain.Core.Tenants;

/// <summary>
/// The regions of Genesys Cloud, by the name of the AWS region. A region is chosen by people, and the client secret is sent to its host. So
/// only hosts of this list are ever called.
/// </summary>
public static class GenesysRegions
{
    private static readonly FrozenDictionary<string, string> Domains = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["us-east-1"] = "mypurecloud.com",
        ["us-east-2"] = "use2.us-gov-pure.cloud",
        ["us-west-2"] = "usw2.pure.cloud",
        ["ca-central-1"] = "cac1.pure.cloud",
        ["mx-central-1"] = "mxc1.pure.cloud",
        ["sa-east-1"] = "sae1.pure.cloud",
        ["eu-west-1"] = "mypurecloud.ie",
        ["eu-west-2"] = "euw2.pure.cloud",
        ["eu-central-1"] = "mypurecloud.de",
        ["eu-central-2"] = "euc2.pure.cloud",
        ["me-central-1"] = "mec1.pure.cloud",
        ["ap-south-1"] = "aps1.pure.cloud",
        ["ap-northeast-1"] = "mypurecloud.jp",
        ["ap-northeast-2"] = "apne2.pure.cloud",
        ["ap-northeast-3"] = "apne3.pure.cloud",
        ["ap-southeast-1"] = "apse1.pure.cloud",
        ["ap-southeast-2"] = "mypurecloud.com.au",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of all regions.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Domains.Keys.Order(StringComparer.Ordinal)];

    public static bool IsKnown([NotNullWhen(true)] string? region) => region is not null && Domains.ContainsKey(region);

    /// <summary>Where people of the region sign in; the base of the OAuth endpoints.</summary>
    public static Uri LoginUrl(string region) => new($"https://login.{Domains[region]}");

    /// <summary>The base of the region's API.</summary>
    public static Uri ApiUrl(string region) => new($"https://api.{Domains[region]}");
}
