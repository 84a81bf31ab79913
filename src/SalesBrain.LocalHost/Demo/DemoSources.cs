using System.Text.Json;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Security;
using SalesBrain.Data.Sessions;
using SalesBrain.LocalHost.Sandbox;

namespace SalesBrain.LocalHost.Demo;

/// <summary>A data source of each vendor in the demo organization, which reads from this host's stand-ins, and one for files.</summary>
internal static class DemoSources
{
    /// <summary>The source whose import the README shows.</summary>
    internal const string Rest = "Partner API (sandbox)";

    private static readonly (string Name, string Type, object Config, object? Credentials)[] Vendors =
    [
        ("Apollo (sandbox)", "apollo", new { page_size = 100 }, new { api_key = "sandbox-key-of-apollo" }),
        ("ZoomInfo (sandbox)", "zoominfo", new { api = "gtm" }, new { client_id = "sandbox-key-client", client_secret = "sandbox-key-secret" }),
        ("LinkedIn lead forms (sandbox)", "linkedin", new { account_id = "512345678" }, new { access_token = "sandbox-key-of-linkedin" }),
        ("CSV files", "csv", new { country = "DE" }, null),
    ];

    /// <summary>Adds the sources once. Afterwards it points the one for REST at this host, whose port may have changed.</summary>
    internal static async Task EnsureAsync(
        PlatformSession session, SecretBox secrets, string slug, Uri host, DateTime now, CancellationToken cancellationToken)
    {
        var organization = await session.QuerySingleOrDefaultAsync<Guid?>(
            "select id from app.organization where slug = @slug for update", new { slug }, cancellationToken);
        if (organization is not { } id)
        {
            return;
        }
        var rest = (Rest, "api", RestConfig(host), (object?)new { api_key = "sandbox-key-of-the-api" });
        foreach (var (name, type, config, credentials) in Vendors.Append(rest))
        {
            var json = credentials is null ? (JsonElement?)null : JsonSerializer.SerializeToElement(credentials);
            await session.ExecuteAsync("""
                insert into app.data_source (organization_id, name, type, config, credentials_sealed, credentials_last4, created_at, updated_at)
                select @id, @name, @type, @config, @sealedCredentials, @last4, @now, @now
                where not exists (select from app.data_source s where s.organization_id = @id and s.name = @name)
                """, new
            {
                id,
                name,
                type,
                config = JsonSerializer.SerializeToElement(config),
                sealedCredentials = json is { } value ? secrets.Seal(value.GetRawText(), id, SourceCredentials.Purpose) : null,
                last4 = SourceCredentials.Last4(json),
                now,
            }, cancellationToken);
        }
        await session.ExecuteAsync("""
            update app.data_source s set config = @config, updated_at = @now
            where s.organization_id = @id and s.name = @Rest and s.deleted_at is null and s.config <> @config
            """, new { id, Rest, config = JsonSerializer.SerializeToElement(RestConfig(host)), now }, cancellationToken);
    }

    private static object RestConfig(Uri host) => new
    {
        base_url = new Uri(host, $"{SandboxServer.Root[1..]}/rest/cursor").AbsoluteUri,
        auth = new { kind = "header", name = "X-Api-Key" },
        items = "data.people",
        total = "meta.total",
        paging = new { kind = "cursor", next = "paging.cursors.after", size_param = "page_size", size = 100 },
        fields = new
        {
            external_id = "uid",
            email = "contact.emails[0].value",
            first_name = "name.first",
            last_name = "name.last",
            company = "work.company",
            title = "work.title",
            phone = "contact.phone",
            linkedin_url = "profile",
            city = "address.city",
            region = "address.region",
            country = "address.country",
        },
    };
}
