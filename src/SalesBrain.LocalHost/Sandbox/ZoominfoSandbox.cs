using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SalesBrain.LocalHost.Sandbox;

/// <summary>A stand-in of ZoomInfo: the legacy Enterprise API and the GTM Data API. A token is the credential with a number.</summary>
internal static class ZoominfoSandbox
{
    internal const string Credits = "zoominfo credits";

    /// <summary>Counts requests for tokens.</summary>
    internal const string SignIns = "zoominfo sign-in";

    private const string JsonApi = "application/vnd.api+json";

    internal static void Map(IEndpointRouteBuilder endpoints, SandboxServer server)
    {
        endpoints.MapMethods(SandboxServer.Root + "/zoominfo/authenticate", ["POST"], async context =>
        {
            var body = await SandboxServer.ReadAsync(context);
            var user = body.GetProperty("username").GetString()!;
            await (SandboxMode.Of(user) == SandboxMode.Bad
                ? ErrorAsync(context, 401, "The user name or the password is wrong.")
                : SandboxServer.JsonAsync(context, new { jwt = $"{user}:{server.Count(SignIns, user)}" }));
        });
        endpoints.MapMethods(SandboxServer.Root + "/zoominfo/token", ["POST"], async context =>
        {
            var form = await context.Request.ReadFormAsync();
            var client = SandboxServer.Basic(context.Request)?.User ?? "";
            await (SandboxMode.Of(client) == SandboxMode.Bad || form["grant_type"] != "client_credentials"
                ? SandboxServer.JsonAsync(context, new { error = "invalid_client" }, 401)
                : SandboxServer.JsonAsync(
                    context, new { access_token = $"{client}:{server.Count(SignIns, client)}", token_type = "Bearer", expires_in = 3600 }));
        });
        Add("/zoominfo/search/contact", LegacySearchAsync);
        Add("/zoominfo/enrich/contact", LegacyEnrichAsync);
        Add("/zoominfo/gtm/data/v1/contacts/search", SearchAsync);
        Add("/zoominfo/gtm/data/v1/contacts/enrich", EnrichAsync);

        void Add(string path, Func<HttpContext, string, SandboxServer, Task> respond) => server.Add(
            endpoints, "POST", path, CredentialOf,
            (context, credential) =>
            {
                SetLimits(context);
                var token = SandboxServer.Bearer(context.Request)!;
                return SandboxMode.Of(credential) == SandboxMode.Revoked && server.Count("zoominfo uses", token) > 2
                    ? ErrorAsync(context, 401, "The token has expired.")
                    : respond(context, credential, server);
            });
    }

    private static string? CredentialOf(HttpRequest request) => SandboxServer.Bearer(request)?.Split(':')[0];

    private static async Task LegacySearchAsync(HttpContext context, string credential, SandboxServer server)
    {
        var body = await SandboxServer.ReadAsync(context);
        var (page, size) = (Number(body, "page", 1), Number(body, "rpp", 25));
        if (size is < 1 or > 100)
        {
            await ErrorAsync(context, 400, "rpp must be 1 to 100.");
            return;
        }
        var all = Matching(body);
        var data = PageOf(all, page, size, credential).ToList();
        // As in the vendor's example: maxResults is the number of matches, totalResults the number returned.
        await SandboxServer.JsonAsync(
            context,
            new { maxResults = TotalOf(all, credential), totalResults = data.Count, currentPage = page, data = data.Select(Found) });
    }

    private static async Task LegacyEnrichAsync(HttpContext context, string credential, SandboxServer server)
    {
        var matches = await MatchesAsync((await SandboxServer.ReadAsync(context)).GetProperty("matchPersonInput"), credential, server);
        await SandboxServer.JsonAsync(context, new
        {
            success = true,
            data = new
            {
                result = matches.Select(match => new
                {
                    matchStatus = match is null ? "NO_MATCH" : "FULL_MATCH",
                    data = match is null ? Array.Empty<object>() : [Enriched(match)],
                }),
            },
        });
    }

    private static async Task SearchAsync(HttpContext context, string credential, SandboxServer server)
    {
        if (context.Request.ContentType?.StartsWith(JsonApi, StringComparison.Ordinal) != true)
        {
            await ErrorAsync(context, 415, "The media type must be application/vnd.api+json.");
            return;
        }
        var document = (await SandboxServer.ReadAsync(context)).GetProperty("data");
        var query = context.Request.Query;
        var (page, size) = (ApolloSandbox.Number(query["page[number]"], 1), ApolloSandbox.Number(query["page[size]"], 25));
        if (document.GetProperty("type").GetString() != "ContactSearch" || size is < 1 or > 100 || page is < 1 or > 100)
        {
            await ErrorAsync(context, 400, "The type or the page is invalid.");
            return;
        }
        var all = Matching(document.GetProperty("attributes"));
        var total = TotalOf(all, credential);
        await SandboxServer.JsonAsync(
            context,
            new
            {
                data = PageOf(all, page, size, credential)
                    .Select(person => new { type = "Contact", id = IdOf(person), attributes = Found(person) }),
                links = new { first = $"/data/v1/contacts/search?page[number]=1&page[size]={size}" },
                meta = new { page = new { number = page, total = (total + size - 1) / size }, totalResults = total },
            },
            mediaType: JsonApi);
    }

    private static async Task EnrichAsync(HttpContext context, string credential, SandboxServer server)
    {
        var attributes = (await SandboxServer.ReadAsync(context)).GetProperty("data").GetProperty("attributes");
        var ids = attributes.GetProperty("matchPersonInput");
        var matches = await MatchesAsync(ids, credential, server);
        await SandboxServer.JsonAsync(
            context,
            new
            {
                data = matches.Select((match, i) => new
                {
                    type = "ContactEnrich",
                    id = ids[i].GetProperty("personId").GetString(),
                    attributes = match is null ? null : Enriched(match),
                    meta = new { matchStatus = match is null ? "NO_MATCH" : "FULL_MATCH" },
                }),
            },
            mediaType: JsonApi);
    }

    private static Task<List<SandboxPerson?>> MatchesAsync(JsonElement input, string credential, SandboxServer server)
    {
        var matches = input.EnumerateArray()
            .Select(item => SandboxPeople.All.FirstOrDefault(person => IdOf(person) == item.GetProperty("personId").GetString() && person.Index % 50 != 49))
            .ToList();
        server.Count(Credits, credential, matches.Count(match => match is not null));
        return Task.FromResult(matches);
    }

    private static List<SandboxPerson> Matching(JsonElement filters) =>
        filters.TryGetProperty("jobTitle", out var titles)
            ? [.. SandboxPeople.All.Where(person => titles.GetString()!.Split(',').Contains(person.Title, StringComparer.OrdinalIgnoreCase))]
            : [.. SandboxPeople.All];

    private static IEnumerable<SandboxPerson> PageOf(List<SandboxPerson> all, int page, int size, string credential) =>
        SandboxMode.Of(credential) == SandboxMode.Endless ? all.Take(size) : all.Skip((page - 1) * size).Take(size);

    private static int TotalOf(List<SandboxPerson> all, string credential) =>
        SandboxMode.Of(credential) == SandboxMode.Endless ? 1_000_000 : all.Count;

    private static string IdOf(SandboxPerson person) => $"{1_434_000_000 + person.Index}";

    private static object Found(SandboxPerson person) => new
    {
        id = 1_434_000_000 + person.Index,
        firstName = person.FirstName,
        lastName = person.LastName,
        jobTitle = person.Title,
        contactAccuracyScore = 96,
        hasEmail = true,
        hasDirectPhone = true,
        company = new { id = person.Index % 84, name = person.Company },
    };

    private static object Enriched(SandboxPerson person) => new
    {
        id = 1_434_000_000 + person.Index,
        firstName = person.FirstName,
        lastName = person.LastName,
        email = person.Email,
        phone = person.Phone,
        mobilePhone = "",
        directPhoneDoNotCall = person.IsDoNotCall,
        mobilePhoneDoNotCall = person.IsDoNotCall,
        jobTitle = person.Title,
        city = person.City,
        state = person.Region,
        country = person.Country,
        company = new { id = person.Index % 84, name = person.Company },
        externalUrls = new[] { new { type = "linkedin.com", url = person.LinkedinUrl } },
        withinEu = person.Country is "Germany" or "France" or "Portugal",
        withinCalifornia = false,
        contactAccuracyScore = 96,
    };

    private static Task ErrorAsync(HttpContext context, int status, string message) =>
        SandboxServer.JsonAsync(
            context, new { error = new { code = $"ZI{status}", message, status, requestId = "sandbox", retryable = false } }, status);

    private static void SetLimits(HttpContext context)
    {
        context.Response.Headers["X-RateLimit-Limit"] = "1500";
        context.Response.Headers["X-RateLimit-Remaining"] = "1499";
    }

    private static int Number(JsonElement body, string name, int otherwise) =>
        body.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : otherwise;
}
