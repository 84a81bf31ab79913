using SalesBrain.Core.Access;
using SalesBrain.Core.Auth;
using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.LocalHost.Demo;

/// <summary>Puts the demo data into a database, once.</summary>
internal sealed class DemoFilling(SalesBrainDatabase database, Passwords passwords, SecretBox secrets, WebhookStorage storage)
{
    /// <summary>Adds missing demo data: all of it, or only the token of an endpoint. Two hosts can run it at once.</summary>
    /// <param name="webhookTokens">By organization slug.</param>
    internal async Task FillAsync(IReadOnlyDictionary<string, string> webhookTokens, DateTime now, CancellationToken cancellationToken)
    {
        var endpoints = DemoOrganizations.All.Select(
            organization => new DemoEndpoint(organization.Slug, webhookTokens[organization.Slug])).ToArray();
        if (await DemoRows.IsFilledAsync(database.ReadPlatform(), endpoints, cancellationToken))
        {
            return;
        }
        var made = new List<(Guid Organization, DemoEndpoint Endpoint)>();
        await using (var session = await database.WritePlatformAsync(cancellationToken))
        {
            if (await DemoRows.LockAsync(session, DemoData.Slugs[0], cancellationToken))
            {
                await DemoRows.SetTokensAsync(session, endpoints, cancellationToken);
            }
            else
            {
                made.AddRange(await InsertAsync(session, endpoints, now, cancellationToken));
            }
            await session.CommitAsync();
        }
        foreach (var (organization, endpoint) in made)
        {
            await DemoHistory.SendAsync(database.ReadPlatform(), storage, organization, endpoint, cancellationToken);
        }
    }

    private async Task<List<(Guid Organization, DemoEndpoint Endpoint)>> InsertAsync(
        PlatformSession session, DemoEndpoint[] endpoints, DateTime now, CancellationToken cancellationToken)
    {
        // One hash for all: each costs a good part of a second.
        var passwordHash = await passwords.HashAsync(DemoData.Password, cancellationToken);
        var roles = Roles.All.ToLookup(role => role.IsPlatform());
        await DemoRows.InsertUsersAsync(session, null, null, [.. roles[true]], passwordHash, now, cancellationToken);
        var made = new List<(Guid, DemoEndpoint)>();
        foreach (var (organization, endpoint) in DemoOrganizations.All.Zip(endpoints))
        {
            var id = Guid.CreateVersion7();
            await DemoRows.InsertOrganizationAsync(session, id, organization, now, cancellationToken);
            await DemoRows.InsertUsersAsync(session, organization, id, [.. roles[false]], passwordHash, now, cancellationToken);
            await DemoRows.InsertColleaguesAsync(session, id, organization, passwordHash, now, cancellationToken);
            await DemoRows.InsertCampaignsAsync(session, id, organization, now, cancellationToken);
            await DemoYear.InsertAsync(session, id, now, cancellationToken);
            await DemoRows.InsertEndpointAsync(session, id, endpoint, cancellationToken);
            await DemoLinks.InsertAsync(session, secrets, id, now, cancellationToken);
            made.Add((id, endpoint));
        }
        return made;
    }
}
