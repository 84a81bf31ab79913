using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SalesBrain.LocalHost.Sandbox;

/// <summary>A REST API of the sandbox's own, with every paging style and every kind of authentication.</summary>
internal static class RestSandbox
{
    private const string Key = "api_key";

    internal static void Map(IEndpointRouteBuilder endpoints, SandboxServer server)
    {
        endpoints.MapMethods(SandboxServer.Root + "/rest/token", ["POST"], async context =>
        {
            var client = SandboxServer.Basic(context.Request)?.User ?? "";
            await (SandboxMode.Of(client) == SandboxMode.Bad
                ? SandboxServer.JsonAsync(context, new { error = "invalid_client" }, 400)
                : SandboxServer.JsonAsync(
                    context,
                    new { access_token = $"{client}:{server.Count("rest sign-in", client)}", token_type = "Bearer", expires_in = 600 }));
        });
        Add("GET", "/rest/page", (context, mode) => PageAsync(context, mode, Number(context, "page", 1) - 1));
        Add("GET", "/rest/offset", OffsetAsync);
        Add("GET", "/rest/cursor", CursorAsync);
        Add("GET", "/rest/link", LinkAsync);
        Add("GET", "/rest/next", NextAsync);
        Add("POST", "/rest/query", QueryAsync);
        Add(
            "GET", "/rest/foreign",
            (context, mode) => SandboxServer.JsonAsync(
                context, new { data = new { people = PeopleOf(0, 10) }, next = "https://elsewhere.example/people?page=2" }));
        Add(
            "GET", "/rest/moved",
            (context, mode) => RedirectAsync(context, $"{SandboxServer.Root}/rest/page{context.Request.QueryString}"));
        Add("GET", "/rest/metadata", (context, mode) => RedirectAsync(context, "http://169.254.169.254/latest/meta-data/"));
        Add("GET", "/rest/loop", (context, mode) => RedirectAsync(context, $"{SandboxServer.Root}/rest/loop"));

        void Add(string method, string path, Func<HttpContext, string, Task> respond) => server.Add(
            endpoints, method, path, CredentialOf, (context, credential) => respond(context, SandboxMode.Of(credential)));
    }

    private static string? CredentialOf(HttpRequest request) =>
        request.Headers["X-Api-Key"].FirstOrDefault() ?? SandboxServer.Bearer(request)?.Split(':')[0] ?? SandboxServer.Basic(request)?.Password
        ?? request.Query[Key].FirstOrDefault() ?? "sandbox-open";

    private static Task PageAsync(HttpContext context, string mode, int page)
    {
        var size = SizeOf(context);
        var isEndless = mode == SandboxMode.Endless;
        return SandboxServer.JsonAsync(context, new
        {
            data = new { people = PeopleOf(isEndless ? 0 : page * size, size) },
            meta = new { total = isEndless ? 1_000_000 : SandboxPeople.Count },
        });
    }

    private static Task OffsetAsync(HttpContext context, string mode) =>
        SandboxServer.JsonAsync(context, PeopleOf(mode == SandboxMode.Endless ? 0 : Number(context, "offset", 0), SizeOf(context)));

    private static Task CursorAsync(HttpContext context, string mode)
    {
        var (start, size) = (Number(context, "cursor", 0), SizeOf(context));
        var next = mode == SandboxMode.Endless ? $"{size}" : start + size < SandboxPeople.Count ? $"{start + size}" : null;
        return SandboxServer.JsonAsync(
            context,
            new
            {
                data = new { people = PeopleOf(start, size) },
                paging = new { cursors = new { after = next } },
                meta = new { total = SandboxPeople.Count },
            });
    }

    private static Task LinkAsync(HttpContext context, string mode)
    {
        var (start, size) = (Number(context, "start", 0), SizeOf(context));
        if (start + size < SandboxPeople.Count)
        {
            // Targets may be relative, and have other relations beside.
            context.Response.Headers.Append(
                "Link",
                $"<{SandboxServer.Root}/rest/link?start=0>; rel=\"first\", "
                + $"<link?start={(mode == SandboxMode.Endless ? 100 : start + size)}>; title=\"a, b\"; rel=\"next\"");
        }
        return SandboxServer.JsonAsync(context, new { data = new { people = PeopleOf(start, size) } });
    }

    private static Task NextAsync(HttpContext context, string mode)
    {
        var (start, size) = (Number(context, "start", 0), SizeOf(context));
        var isLast = start + size >= SandboxPeople.Count && mode != SandboxMode.Endless;
        var key = context.Request.Query[Key].FirstOrDefault() is { } given ? $"&{Key}={Uri.EscapeDataString(given)}" : "";
        var next = $"{context.Request.Scheme}://{context.Request.Host}{SandboxServer.Root}/rest/next?start={(mode == SandboxMode.Endless ? 100 : start + size)}{key}";
        return SandboxServer.JsonAsync(context, new { data = new { people = PeopleOf(start, size) }, next = isLast ? null : next });
    }

    private static async Task QueryAsync(HttpContext context, string mode)
    {
        var body = await SandboxServer.ReadAsync(context);
        var size = body.GetProperty("page_size").GetInt32();
        await SandboxServer.JsonAsync(
            context, new { items = PeopleOf((body.GetProperty("page").GetInt32() - 1) * size, size), filter = body.GetProperty("filter") });
    }

    private static Task RedirectAsync(HttpContext context, string location)
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    private static IEnumerable<object> PeopleOf(int start, int size) => SandboxPeople.All.Skip(start).Take(size).Select(person => new
    {
        uid = person.Id,
        name = new { first = person.FirstName, last = person.LastName },
        contact = new { emails = new[] { new { value = person.Email } }, phone = person.Phone },
        work = new { company = person.Company, title = person.Title },
        profile = person.LinkedinUrl,
        address = new { city = person.City, region = person.Region, country = person.Country },
        score = person.Index % 100,
    });

    private static int SizeOf(HttpContext context) => Math.Clamp(Number(context, "page_size", Number(context, "limit", 100)), 1, 100);

    private static int Number(HttpContext context, string name, int otherwise) =>
        ApolloSandbox.Number(context.Request.Query[name], otherwise);
}
