using SalesBrain.Data.Identity;
using SalesBrain.Data.Sessions;

namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// Two organizations to look at in Development, filled once. Their users and their password are the same on every machine; the tokens of
/// their webhook endpoints are each checkout's own.
/// </summary>
internal static class DemoData
{
    internal const string Password = "salesbrain-demo";

    /// <summary>The organizations, by slug.</summary>
    internal static IReadOnlyList<string> Slugs { get; } = DemoOrganizations.All.Select(organization => organization.Slug).ToArray();

    /// <summary>A platform role's address has no organization.</summary>
    internal static string EmailOf(Role role, string? slug) => $"{role.Name()}@{slug ?? "salesbrain"}.example";

    /// <summary>Makes what is missing: everything, or nothing but the token of an endpoint. Safe when two hosts start at once.</summary>
    /// <param name="webhookTokens">By organization slug.</param>
    internal static async Task FillAsync(
        SalesBrainDatabase database, Passwords passwords, IReadOnlyDictionary<string, string> webhookTokens, DateTime now, CancellationToken cancellationToken)
    {
        var endpoints = DemoOrganizations.All.Select(organization => new DemoEndpoint(organization.Slug, webhookTokens[organization.Slug])).ToArray();
        if (await DemoRows.IsFilledAsync(database.ReadPlatform(), endpoints, cancellationToken))
        {
            return;
        }
        await using var session = await database.WritePlatformAsync(cancellationToken);
        if (await DemoRows.LockAsync(session, Slugs[0], cancellationToken))
        {
            await DemoRows.SetTokensAsync(session, endpoints, cancellationToken);
        }
        else
        {
            // One hash for all: each costs a good part of a second.
            var passwordHash = await passwords.HashAsync(Password, cancellationToken);
            var roles = Roles.All.ToLookup(role => role.IsPlatform());
            await DemoRows.InsertUsersAsync(session, null, null, [.. roles[true]], passwordHash, cancellationToken);
            foreach (var (organization, endpoint) in DemoOrganizations.All.Zip(endpoints))
            {
                var id = Guid.CreateVersion7();
                await DemoRows.InsertOrganizationAsync(session, id, organization, now, cancellationToken);
                await DemoRows.InsertUsersAsync(session, organization, id, [.. roles[false]], passwordHash, cancellationToken);
                await DemoRows.InsertCampaignsAsync(session, id, organization, now, cancellationToken);
                await DemoRows.InsertEndpointAsync(session, id, endpoint, cancellationToken);
            }
        }
        await session.CommitAsync();
    }
}
