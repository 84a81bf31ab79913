using System.Net.Http.Json;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Onboarding links, made through the API, and the people and programs that open them.</summary>
public static class OnboardingWorld
{
    public const string Root = "/api/admin/onboarding";

    /// <summary>As browsers call themselves.</summary>
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0";

    /// <summary>A link made by this user, else by an owner of a new organization.</summary>
    public static async Task<TestLink> CreateOnboardingLinkAsync(
        this TestApp app, TestUser? creator = null, int days = 7, int steps = 5, string? template = null, string? welcome = null, Guid? organizationId = null)
    {
        creator ??= await app.CreateUserAsync("owner");
        using var client = app.As(creator);
        using var response = await client.PostAsync($"{Root}/create-link", new
        {
            organization_id = organizationId,
            template_name = template,
            welcome_message = welcome,
            expiration_days = days,
            total_steps = steps,
        });
        var data = await response.DataAsync();
        return new TestLink(
            data.GetProperty("link_id").GetGuid(), organizationId ?? creator.OrganizationId!.Value, creator,
            data.GetProperty("link_token").GetString()!);
    }

    /// <summary>A well-formed token of no link.</summary>
    public static string UnknownToken() => Guid.NewGuid().ToString("N");

    /// <summary>The link's row.</summary>
    public static Task<LinkState> StateOfAsync(this TestApp app, TestLink link) => app.QuerySingleAsync<LinkState>("""
        select status, expires_at, clicks_count, first_accessed_at, last_accessed_at, completed_at, current_step, progress_percentage, revoked_at,
            revoked_by, revoked_reason, (select count(*)::int from app.onboarding_link_access a where a.link_id = l.id) as accesses
        from app.onboarding_link l where id = @Id
        """, new { link.Id });

    /// <summary>Sends a call of a link's holder, from an address and with a user agent where they are given.</summary>
    public static async Task<HttpResponseMessage> VisitAsync(
        this TestApp app, HttpMethod method, string path, object? body = null, string? userAgent = Browser, string? from = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, options: new JsonSerializerOptions());
        }
        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }
        if (from is not null)
        {
            request.Headers.Add("X-Forwarded-For", from);
        }
        return await app.Http.SendAsync(request);
    }

    /// <summary>Opens the link as a person.</summary>
    public static Task<HttpResponseMessage> OpenAsync(this TestApp app, TestLink link, string? userAgent = Browser, string? from = null) =>
        app.VisitAsync(HttpMethod.Get, link.Visit, userAgent: userAgent, from: from);

    public static Task<HttpResponseMessage> AdvanceAsync(
        this TestApp app, TestLink link, int step, int percentage, bool allowBack = false) =>
        app.VisitAsync(
            HttpMethod.Put, $"{link.Visit}/progress",
            new { current_step = step, progress_percentage = percentage, allow_back = allowBack });

    public static Task<HttpResponseMessage> CompleteAsync(this TestApp app, TestLink link) =>
        app.VisitAsync(HttpMethod.Post, $"{link.Visit}/complete");

    public static async Task<HttpResponseMessage> RevokeAsync(this TestApp app, TestLink link, string? reason = null)
    {
        using var client = app.As(link.Creator);
        return await client.PostAsync($"{link.Path}/revoke", new { reason });
    }

    public static async Task<HttpResponseMessage> ExtendAsync(this TestApp app, TestLink link, int days = 7)
    {
        using var client = app.As(link.Creator);
        return await client.PostAsync($"{link.Path}/extend", new { additional_days = days });
    }
}

/// <summary>A link that a test made.</summary>
public sealed record TestLink(Guid Id, Guid OrganizationId, TestUser Creator, string Token)
{
    /// <summary>Where it is managed.</summary>
    public string Path => $"{OnboardingWorld.Root}/link/{Id}";

    /// <summary>Where its holder goes.</summary>
    public string Visit => $"{OnboardingWorld.Root}/o/{Token}";
}

/// <summary>What a test looks at of a link's row.</summary>
public sealed record LinkState
{
    public string Status { get; init; } = "";
    public DateTime ExpiresAt { get; init; }
    public int ClicksCount { get; init; }
    public DateTime? FirstAccessedAt { get; init; }
    public DateTime? LastAccessedAt { get; init; }
    public DateTime? CompletedAt { get; init; }
    public int CurrentStep { get; init; }
    public int ProgressPercentage { get; init; }
    public DateTime? RevokedAt { get; init; }
    public Guid? RevokedBy { get; init; }
    public string? RevokedReason { get; init; }

    /// <summary>Rows of <c>onboarding_link_access</c>.</summary>
    public int Accesses { get; init; }
}

/// <summary>
/// An app behind one proxy, so that each visitor can have an address, with a clock that the test moves, in whole seconds. The classes of
/// the collection share one: their clock stands where the test before left it, and only goes forward.
/// </summary>
public sealed class OnboardingApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "onboarding";

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    public override TimeProvider? Clock => Time;

    public override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [new("Network:TrustedProxies", "1"), new("Onboarding:BaseUrl", "https://welcome.example/base/")];

    /// <summary>The clock's time.</summary>
    public DateTime Now => Time.GetUtcNow().UtcDateTime;
}

[CollectionDefinition(OnboardingApp.Collection)]
public sealed class OnboardingCollection : ICollectionFixture<OnboardingApp>;
