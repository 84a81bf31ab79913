using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SalesBrain.LocalHost.Sandbox;

/// <summary>A stand-in of Apollo.io.</summary>
internal static class ApolloSandbox
{
    /// <summary>What a token of this kind counts: credits.</summary>
    internal const string Credits = "apollo credits";

    internal static void Map(IEndpointRouteBuilder endpoints, SandboxServer server)
    {
        server.Add(endpoints, "GET", "/apollo/v1/auth/health", KeyOf, HealthAsync);
        server.Add(endpoints, "POST", "/apollo/api/v1/mixed_people/api_search", KeyOf, SearchAsync);
        server.Add(
            endpoints, "POST", "/apollo/api/v1/people/bulk_match", KeyOf, (context, key) => MatchAsync(context, key, server),
            "apollo match");
    }

    private static string? KeyOf(HttpRequest request) => request.Headers["x-api-key"];

    private static Task HealthAsync(HttpContext context, string key)
    {
        SetLimits(context);
        return SandboxServer.JsonAsync(context, new { healthy = true, is_logged_in = SandboxMode.Of(key) != SandboxMode.SignedOut });
    }

    private static Task SearchAsync(HttpContext context, string key)
    {
        SetLimits(context);
        if (SandboxMode.Of(key) == SandboxMode.SignedOut)
        {
            return SandboxServer.JsonAsync(context, new { error = "Invalid access credentials." }, 401);
        }
        var query = context.Request.Query;
        var (page, size) = (Number(query["page"], 1), Number(query["per_page"], 10));
        if (page is < 1 or > 500 || size is < 1 or > 100)
        {
            return SandboxServer.JsonAsync(context, new { error = "page must be 1 to 500 and per_page 1 to 100." }, 422);
        }
        if (SandboxMode.Of(key) == SandboxMode.Endless)
        {
            return SandboxServer.JsonAsync(context, new { total_entries = 1_000_000, people = SandboxPeople.All.Take(size).Select(Found) });
        }
        var titles = query["person_titles[]"].OfType<string>().ToList();
        var all = SandboxPeople.All.Where(
            person => titles.Count == 0 || titles.Contains(person.Title, StringComparer.OrdinalIgnoreCase)).ToList();
        return SandboxServer.JsonAsync(
            context, new { total_entries = all.Count, people = all.Skip((page - 1) * size).Take(size).Select(Found) });
    }

    private static async Task MatchAsync(HttpContext context, string key, SandboxServer server)
    {
        SetLimits(context);
        if (SandboxMode.Of(key) == SandboxMode.Halfway && server.CountOf("apollo match", key) % 2 == 0)
        {
            await SandboxServer.HtmlAsync(context, 502);
            return;
        }
        var body = await SandboxServer.ReadAsync(context);
        var ids = body.GetProperty("details").EnumerateArray().Select(detail => detail.GetProperty("id").GetString()!).ToList();
        if (ids.Count > 10)
        {
            await SandboxServer.JsonAsync(context, new { error = "At most 10 people." }, 422);
            return;
        }
        // Every 50th person is not found, which costs nothing.
        var matches = ids.Select(id => SandboxPeople.All.FirstOrDefault(person => person.Id == id && person.Index % 50 != 49)).ToList();
        server.Count(Credits, key, matches.Count(match => match is not null));
        await SandboxServer.JsonAsync(
            context,
            new { status = "success", credits_consumed = matches.Count(match => match is not null), matches = matches.Select(Enriched) });
    }

    /// <summary>Search shows no e-mail address and no surname.</summary>
    private static object Found(SandboxPerson person) => new
    {
        id = person.Id,
        first_name = person.FirstName,
        last_name_obfuscated = person.Obfuscated,
        // Older responses have it here.
        last_name = person.Index % 2 == 0 ? person.Obfuscated : null,
        title = person.Title,
        has_email = true,
        has_direct_phone = "Yes",
        organization = new { name = person.Company, has_industry = true },
    };

    private static object? Enriched(SandboxPerson? person) => person is null ? null : new
    {
        id = person.Id,
        first_name = person.FirstName,
        last_name = person.LastName,
        name = $"{person.FirstName} {person.LastName}",
        title = person.Title,
        email = person.Email,
        email_status = person.Index % 3 == 0 ? "extrapolated" : "verified",
        linkedin_url = person.LinkedinUrl,
        phone_numbers = new[] { new { raw_number = person.Phone } },
        city = person.City,
        state = person.Region,
        country = person.Country,
        organization = new { name = person.Company, primary_domain = person.Domain, estimated_num_employees = 30 + person.Index % 200 },
    };

    private static void SetLimits(HttpContext context)
    {
        context.Response.Headers["x-rate-limit-minute"] = "50";
        context.Response.Headers["x-minute-requests-left"] = "49";
        context.Response.Headers["x-rate-limit-24-hour"] = "6000";
        context.Response.Headers["x-24-hour-requests-left"] = "5900";
    }

    internal static int Number(string? text, int otherwise) => int.TryParse(text, out var number) ? number : otherwise;
}
