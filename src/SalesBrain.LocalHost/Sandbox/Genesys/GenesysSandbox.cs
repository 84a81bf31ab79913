using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SalesBrain.LocalHost.Sandbox.Genesys;

/// <summary>
/// Genesys Cloud, as far as sign-in needs it: the sign-in page, the token endpoint, and who a token belongs to. It is as strict as Genesys:
/// exact redirect URI, codes that work once, PKCE, and no organization without <c>expand</c>.
/// </summary>
public sealed class GenesysSandbox(TimeProvider clock)
{
    public const string ClientId = "sandbox";
    public const string ClientSecret = "sandbox-secret";

    /// <summary>Below the base URL of the local host.</summary>
    public const string Path = "/sandbox/genesys";

    private readonly SandboxCodes<IssuedCode> _codes = new(clock, TimeSpan.FromMinutes(5));
    private readonly ConcurrentDictionary<string, GenesysPerson> _tokens = new(StringComparer.Ordinal);

    /// <summary>Who can sign in, by id.</summary>
    public ConcurrentDictionary<string, GenesysPerson> People { get; } = new(
        GenesysPerson.All.ToDictionary(person => person.Id), StringComparer.Ordinal);

    /// <summary>Makes the token endpoint and the API fail with this status; null = they work.</summary>
    public int? FailsWith { get; set; }

    /// <summary>Whether Genesys leaves the organization and the token out, although they are asked for.</summary>
    public bool LeavesOutExpanded { get; set; }

    /// <summary>The verifiers that were presented.</summary>
    public ConcurrentQueue<string> Verifiers { get; } = [];

    /// <summary>Access tokens that were issued.</summary>
    public ICollection<string> Tokens => _tokens.Keys;

    /// <summary>The id of the sandbox organization of a demo organization.</summary>
    public static string OrganizationOf(string slug) => slug switch
    {
        "acme" => "33333333-3333-4333-8333-333333333333",
        _ => "33333333-3333-4333-8333-333333333334",
    };

    /// <summary>Serves the sandbox below <see cref="Path"/>.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{Path}/login/oauth/authorize", ShowSignIn);
        endpoints.MapPost($"{Path}/login/oauth/authorize", SignInAsync);
        endpoints.MapPost($"{Path}/login/oauth/token", IssueTokenAsync);
        endpoints.MapGet($"{Path}/api/api/v2/users/me", ShowMe);
    }

    private static string? ProblemWith(IQueryCollection query) =>
        query["client_id"] != ClientId || !Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var redirect)
            || !redirect.AbsolutePath.EndsWith("/api/agents/auth/callback", StringComparison.Ordinal) ? "OAuth client ID or redirect URI is invalid"
        : query["response_type"] != "code" || query["code_challenge_method"] != "S256" || query["code_challenge"].ToString().Length != 43 ? "The request is invalid"
        : null;

    private IResult ShowSignIn(HttpRequest request)
    {
        if (ProblemWith(request.Query) is { } problem)
        {
            return Page(problem, "", 400);
        }
        var people = string.Concat(People.Values.OrderBy(person => person.Id, StringComparer.Ordinal).Select(person => $"""
            <p><button name="person" value="{WebUtility.HtmlEncode(person.Id)}">{WebUtility.HtmlEncode(person.Name)}</button>
            {WebUtility.HtmlEncode(person.OrganizationName)}, {WebUtility.HtmlEncode(person.State)}</p>
            """));
        return Page("Genesys Cloud sandbox: sign in as", $"""
            <form method="post" action="{WebUtility.HtmlEncode(request.Path + request.QueryString)}">{people}
            <p><button name="person" value="">Refuse</button></p></form>
            """, 200);
    }

    private async Task<IResult> SignInAsync(HttpRequest request)
    {
        if (ProblemWith(request.Query) is { } problem)
        {
            return Page(problem, "", 400);
        }
        var form = await request.ReadFormAsync();
        var (redirect, state) = (request.Query["redirect_uri"].ToString(), Uri.EscapeDataString(request.Query["state"].ToString()));
        if (!People.TryGetValue(form["person"].ToString(), out var person))
        {
            return Results.Redirect($"{redirect}?error=access_denied&error_description=Refused&state={state}");
        }
        var code = Random();
        _codes.Add(code, new IssuedCode(person, redirect, request.Query["code_challenge"].ToString()));
        return Results.Redirect($"{redirect}?code={code}&state={state}");
    }

    private async Task<IResult> IssueTokenAsync(HttpRequest request)
    {
        if (FailsWith is { } status)
        {
            return Results.Text("The service is not available.", "text/html", statusCode: status);
        }
        var form = await request.ReadFormAsync();
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{ClientSecret}"))}";
        if (request.Headers.Authorization != basic)
        {
            return TokenError("invalid_client");
        }
        if (form["grant_type"] != "authorization_code")
        {
            return TokenError("unsupported_grant_type");
        }
        var verifier = form["code_verifier"].ToString();
        Verifiers.Enqueue(verifier);
        _codes.Take(form["code"].ToString(), out var code);
        if (code is null || code.Redirect != form["redirect_uri"]
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) != code.Challenge)
        {
            return TokenError("invalid_grant");
        }
        var token = $"AT-{Random()}";
        _tokens[token] = code.Person;
        return Results.Json(new { access_token = token, token_type = "bearer", expires_in = 86399 });
    }

    private IResult ShowMe(HttpRequest request)
    {
        if (FailsWith is { } status)
        {
            return Results.Text("The service is not available.", "text/html", statusCode: status);
        }
        if (SandboxServer.Bearer(request) is not { } token || !_tokens.TryGetValue(token, out var person))
        {
            return Results.Json(new { message = "Invalid login credentials.", code = "bad.credentials", status = 401 }, statusCode: 401);
        }
        var expanded = request.Query["expand"].SelectMany(value => (value ?? "").Split(',')).ToHashSet();
        return Results.Json(Describe(person, LeavesOutExpanded ? [] : expanded));
    }

    private static JsonObject Describe(GenesysPerson person, HashSet<string> expanded)
    {
        var me = new JsonObject
        {
            ["id"] = person.Id,
            ["name"] = person.Name,
            ["division"] = new JsonObject { ["id"] = "22222222-2222-4222-8222-222222222222", ["name"] = "Home" },
            ["email"] = person.Email,
            ["state"] = person.State,
            ["username"] = person.Email,
            ["version"] = 7,
        };
        if (expanded.Contains("organization"))
        {
            me["organization"] = new JsonObject
            {
                ["id"] = person.OrganizationId,
                ["name"] = person.OrganizationName,
                ["state"] = person.OrganizationState,
            };
        }
        if (expanded.Contains("token"))
        {
            me["token"] = new JsonObject
            {
                ["organization"] = new JsonObject { ["id"] = person.OrganizationId },
                ["homeOrganization"] = new JsonObject { ["id"] = person.HomeOrganizationId ?? person.OrganizationId },
                ["authorizedScope"] = new JsonArray(),
                // Spelled so by Genesys.
                ["OAuthClient"] = new JsonObject { ["id"] = ClientId },
            };
        }
        return me;
    }

    private static IResult TokenError(string error) =>
        Results.Json(new { error, description = error, error_description = error }, statusCode: 400);

    private static IResult Page(string title, string content, int status) => Results.Content(
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>{content}</html>", "text/html",
        Encoding.UTF8, status);

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    private sealed record IssuedCode(GenesysPerson Person, string Redirect, string Challenge);
}
