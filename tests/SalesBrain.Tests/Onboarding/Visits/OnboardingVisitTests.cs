using System.Net;
using Microsoft.Extensions.Configuration;
using SalesBrain.Functions.Composition;
using SalesBrain.Functions.Onboarding.Visits;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Hosting;

namespace SalesBrain.Tests.Onboarding.Visits;

/// <summary>Rules for all requests by a link's holder.</summary>
[Collection(OnboardingApp.Collection)]
public sealed class OnboardingVisitTests(OnboardingApp app)
{
    private static readonly (HttpMethod Method, string Suffix, object? Body)[] Calls =
    [
        (HttpMethod.Get, "", null),
        (HttpMethod.Put, "/progress", new { current_step = 2, progress_percentage = 10 }),
        (HttpMethod.Post, "/complete", null),
    ];

    [Theory]
    [InlineData("revoked", HttpStatusCode.Forbidden, "onboarding_link_revoked", "This onboarding link has been revoked")]
    [InlineData("used", HttpStatusCode.Gone, "onboarding_link_used", "This onboarding link has already been used")]
    [InlineData("expired", HttpStatusCode.Gone, "onboarding_link_expired", "This onboarding link has expired")]
    [InlineData("unknown", HttpStatusCode.NotFound, "not_found", "Onboarding link not found")]
    public async Task Inactive_link_returns_the_reason_and_no_organization(string state, HttpStatusCode status, string code, string detail)
    {
        var link = await app.CreateOnboardingLinkAsync(days: 1);
        switch (state)
        {
            case "revoked":
                await app.RevokeAsync(link, "a secret reason");
                break;
            case "used":
                await app.CompleteAsync(link);
                break;
            case "expired":
                // The timer has not run: a link expires on its own at its time of expiry.
                app.Time.Advance(TimeSpan.FromDays(1));
                break;
            default:
                link = link with { Token = OnboardingWorld.UnknownToken() };
                break;
        }
        var before = state == "unknown" ? null : await app.StateOfAsync(link);

        foreach (var (method, suffix, body) in Calls)
        {
            using var response = await app.VisitAsync(method, link.Visit + suffix, body);

            var problem = await response.ProblemAsync(status, code);
            Assert.Equal(detail, problem.GetProperty("detail").GetString());
            Assert.Equal(
                ["type", "title", "status", "detail", "code", "trace_id"], problem.EnumerateObject().Select(member => member.Name));
            AssertProtected(response);
            if (before is not null)
            {
                Assert.Equal(before, await app.StateOfAsync(link));
            }
        }
    }

    [Fact]
    public async Task Last_moment_of_a_link_is_before_its_expiry()
    {
        var link = await app.CreateOnboardingLinkAsync(days: 1);
        app.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        using (var opened = await app.OpenAsync(link))
        {
            await opened.DataAsync();
        }

        app.Time.Advance(TimeSpan.FromMilliseconds(1));

        using var over = await app.CompleteAsync(link);
        await over.ProblemAsync(HttpStatusCode.Gone, "onboarding_link_expired");
    }

    [Fact]
    public async Task Answers_stay_out_of_caches_referrers_and_search_engines()
    {
        var link = await app.CreateOnboardingLinkAsync();

        foreach (var (method, suffix, body) in Calls)
        {
            using var response = await app.VisitAsync(method, link.Visit + suffix, body);
            await response.DataAsync();
            AssertProtected(response);
        }
        using var invalid = await app.VisitAsync(HttpMethod.Put, link.Visit + "/progress", new { });
        await invalid.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        AssertProtected(invalid);
    }

    [Fact]
    public async Task Unknown_malformed_and_suspended_links_return_the_same_response()
    {
        var suspended = await app.CreateOnboardingLinkAsync();
        await app.ExecuteAsync(
            "update app.organization set status = 'suspended' where id = @OrganizationId", new { suspended.OrganizationId });

        foreach (var (method, suffix, body) in Calls)
        {
            var answers = new HashSet<string>();
            foreach (var token in (string[])[OnboardingWorld.UnknownToken(), suspended.Token, suspended.Token[1..], suspended.Token + "0", "a.b", "..%2F..%2Flinks", "null"])
            {
                using var response = await app.VisitAsync(method, $"{OnboardingWorld.Root}/o/{token}{suffix}", body);
                var problem = await response.ProblemAsync(HttpStatusCode.NotFound, "not_found");
                var headers = response.Headers.Where(header => header.Key != "Date")
                    .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
                answers.Add(problem.WithoutTrace() + string.Join('\n', headers));
                AssertProtected(response);
            }
            Assert.Single(answers);
        }
        Assert.Equivalent(new { Status = "active", ClicksCount = 0, Accesses = 0 }, await app.StateOfAsync(suspended));
    }

    [Fact]
    public async Task Malformed_token_is_answered_without_the_database()
    {
        await using var server = await FunctionServer.StartAsync(
            [typeof(OpenOnboardingLink), typeof(UpdateOnboardingProgress), typeof(CompleteOnboarding)],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(FunctionServer.SettingsWithoutDatabase);
                builder.Services.AddSalesBrain(builder.Configuration);
            });

        foreach (var (method, suffix, body) in Calls)
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(method, $"{OnboardingWorld.Root}/o/short{suffix}", body));
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable,
                await StatusAsync(method, $"{OnboardingWorld.Root}/o/{OnboardingWorld.UnknownToken()}{suffix}", body));
        }

        async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, object? body)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body);
            using var response = await server.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Token_is_kept_nowhere_and_written_to_no_log()
    {
        var link = await app.CreateOnboardingLinkAsync();
        foreach (var (method, suffix, body) in Calls)
        {
            using var response = await app.VisitAsync(method, link.Visit + suffix, body);
            await response.DataAsync();
        }
        await app.OpenAsync(link);
        await app.RevokeAsync(link);

        var kept = new List<string>(app.Logs.Lines);
        foreach (var table in (string[])["onboarding_link", "onboarding_link_access", "audit_log"])
        {
            var rows = await app.QueryAsync<string>(
                $"select to_jsonb(t)::text from app.{table} t where organization_id = @OrganizationId", new { link.OrganizationId });
            Assert.NotEmpty(rows);
            kept.AddRange(rows);
        }
        var hex = Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(link.Token));
        Assert.All(kept, text =>
        {
            Assert.DoesNotContain(link.Token, text, StringComparison.Ordinal);
            // How PostgreSQL writes bytes.
            Assert.DoesNotContain(hex, text, StringComparison.Ordinal);
        });
    }

    private static void AssertProtected(HttpResponseMessage response)
    {
        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("noindex", Header("X-Robots-Tag"));
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));

        string Header(string name) => Assert.Single(response.Headers.GetValues(name));
    }
}
