using SalesBrain.Core.Access;

namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// Two organizations to look at in Development. Their users and their password are the same on every machine; the tokens of their webhook
/// endpoints are each checkout's own.
/// </summary>
internal static class DemoData
{
    internal const string Password = "salesbrain-demo";

    /// <summary>The organizations, by slug.</summary>
    internal static IReadOnlyList<string> Slugs { get; } = DemoOrganizations.All.Select(organization => organization.Slug).ToArray();

    /// <summary>A platform role's address has no organization.</summary>
    internal static string EmailOf(Role role, string? slug) => $"{role.Name()}@{slug ?? "salesbrain"}.example";
}
