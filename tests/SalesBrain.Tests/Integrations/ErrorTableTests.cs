using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Integrations;

namespace SalesBrain.Tests.Integrations;

/// <summary>Every failure of every vendor becomes one of the normalized codes, in a page and in a connection test.</summary>
public sealed class ErrorTableTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private static readonly string[] Vendors = ["apollo", "zoominfo gtm", "zoominfo legacy", "linkedin", "api"];

    private static readonly (string Mode, string Code, int? RetryAfter)[] Failures =
    [
        ("bad", SourceErrors.InvalidCredentials, null),
        ("plan", SourceErrors.ForbiddenPlan, null),
        ("quota", SourceErrors.QuotaExhausted, null),
        ("missing", SourceErrors.NotFound, null),
        ("invalid", SourceErrors.BadRequest, null),
        ("rate", SourceErrors.RateLimited, 7),
        ("ratesilent", SourceErrors.RateLimited, null),
        ("down", SourceErrors.Unavailable, null),
        ("hang", SourceErrors.Timeout, null),
        ("huge", SourceErrors.Schema, null),
        ("garbage", SourceErrors.Schema, null),
        ("wrong", SourceErrors.Schema, null),
    ];

    public static TheoryData<string, string, string, int?> Table()
    {
        var table = new TheoryData<string, string, string, int?>();
        foreach (var vendor in Vendors)
        {
            foreach (var (mode, code, retryAfter) in Failures)
            {
                table.Add(vendor, mode, code, retryAfter);
            }
        }
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Failure_has_its_code(string vendor, string mode, string code, int? retryAfter)
    {
        var credential = SandboxHost.Credential(mode);
        var adapter = OpenWith(host, vendor, credential, adapters: code == SourceErrors.Timeout ? host.ImpatientAdapters : null);

        var (failure, wait) = await SandboxHost.FailureAsync(adapter);
        var test = await adapter.TestAsync(TestContext.Current.CancellationToken);

        Assert.Equal((code, retryAfter), (failure, (int?)wait?.TotalSeconds));
        // The health check of Apollo and a test of ZoomInfo's are other calls with the same outcome.
        Assert.Equal((false, code), (test.Ok, test.Code));
        Assert.DoesNotContain(credential, test.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apollo")]
    [InlineData("linkedin")]
    public async Task Signed_out_is_a_bad_credential(string vendor)
    {
        var adapter = OpenWith(host, vendor, SandboxHost.Credential("signedout"));

        // Apollo's health check returns 200 with is_logged_in false.
        Assert.Equal(
            (false, SourceErrors.InvalidCredentials),
            await adapter.TestAsync(TestContext.Current.CancellationToken) is var test ? (test.Ok, test.Code) : default);
        Assert.Equal(SourceErrors.InvalidCredentials, (await SandboxHost.FailureAsync(adapter)).Code);
    }

    [Fact]
    public async Task Retired_version_of_linkedin_names_the_setting()
    {
        var test = await OpenWith(host, "linkedin", SandboxHost.Credential("sunset")).TestAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SourceErrors.BadRequest, test.Code);
        Assert.Contains("Sources__LinkedinVersion", test.Message, StringComparison.Ordinal);
    }

    /// <summary>The engine ends such a job; the adapter must not loop by itself, and a cursor that repeats is refused at once.</summary>
    [Theory]
    [InlineData("cursor", "paging.cursors.after")]
    [InlineData("link", null)]
    [InlineData("next_url", "next")]
    public async Task Endless_pages_end_with_schema(string kind, string? next)
    {
        var adapter = host.Open(SourceType.Api, RestConfig(host, kind, next), new { api_key = SandboxHost.Credential("endless") });

        var failure = await Assert.ThrowsAsync<SourceException>(() => SandboxHost.ReadAllAsync(adapter, 100, maxPages: 10));

        Assert.Equal(SourceErrors.Schema, failure.Code);
    }

    [Fact]
    public async Task Endless_numbered_pages_end_at_the_sources_own_limit()
    {
        var adapter = host.Open(
            SourceType.Api, RestConfig(host, "page", null, maxPages: 4), new { api_key = SandboxHost.Credential("endless") });

        var pages = await SandboxHost.ReadAllAsync(adapter, 100);

        Assert.Equal(4, pages.Count);
        Assert.Equal(SourceStops.MaxPages, pages[^1].Stopped);
    }

    [Theory]
    [InlineData("apollo")]
    [InlineData("zoominfo gtm")]
    [InlineData("linkedin")]
    public async Task Page_after_page_of_an_endless_vendor_is_one_call_each(string vendor)
    {
        var pages = await SandboxHost.ReadAllAsync(OpenWith(host, vendor, SandboxHost.Credential("endless")), 100, maxPages: 4);

        Assert.Equal(4, pages.Count);
        Assert.Equal(pages.Count, pages.Select(page => page.NextCursor).Distinct().Count());
    }

    [Theory]
    [InlineData("apollo")]
    [InlineData("zoominfo legacy")]
    [InlineData("linkedin")]
    [InlineData("api")]
    public async Task Free_request_is_repeated_after_a_502_and_not_after_a_429(string vendor)
    {
        var (down, rate) = (SandboxHost.Credential("down"), SandboxHost.Credential("rate"));

        await SandboxHost.FailureAsync(OpenWith(host, vendor, down));
        await SandboxHost.FailureAsync(OpenWith(host, vendor, rate));

        Assert.Equal((2, 1), (host.Sandbox.CountOf("request", down), host.Sandbox.CountOf("request", rate)));
    }

    [Fact]
    public async Task Own_limit_of_a_source_is_kept_on_this_instance()
    {
        var clock = new FakeTimeProvider();
        await using var services = host.CreateServices(clock: clock);
        var (id, adapters) = (Guid.NewGuid(), services.GetRequiredService<ISourceAdapters>());
        ISourceAdapter Open() => host.Open(
            SourceType.Api, RestConfig(host, "page", null), new { api_key = "sandbox-key" }, perMinute: 3, adapters: adapters,
            sourceId: id);
        for (var i = 0; i < 3; i++)
        {
            await Open().FetchAsync(null, 10, TestContext.Current.CancellationToken);
        }

        Assert.Equal((SourceErrors.RateLimited, TimeSpan.FromSeconds(20)), await SandboxHost.FailureAsync(Open()));
        clock.Advance(TimeSpan.FromSeconds(20));
        await Open().FetchAsync(null, 10, TestContext.Current.CancellationToken);
        Assert.Equal(SourceErrors.RateLimited, (await SandboxHost.FailureAsync(Open())).Code);
    }

    internal static ISourceAdapter OpenWith(
        SandboxHost host, string vendor, string credential, SourceRequest? request = null, object? config = null, ISourceAdapters? adapters = null) => vendor switch
        {
            "apollo" => host.Open(SourceType.Apollo, config, new { api_key = credential }, request, adapters: adapters),
            "zoominfo gtm" => host.Open(
                SourceType.Zoominfo, config ?? new { api = "gtm" }, new { client_id = credential, client_secret = "secret" }, request,
                adapters: adapters),
            "zoominfo legacy" => host.Open(
                SourceType.Zoominfo, config ?? new { api = "legacy" }, new { username = credential, password = "secret" }, request,
                adapters: adapters),
            "linkedin" => host.Open(
                SourceType.Linkedin, config ?? new { account_id = "512345678" }, new { access_token = credential }, request,
                adapters: adapters),
            _ => host.Open(SourceType.Api, RestConfig(host, "page", null), new { api_key = credential }, request, adapters: adapters),
        };

    internal static object RestConfig(SandboxHost host, string kind, string? next, int? maxPages = null) => new
    {
        base_url = new Uri(host.Url, $"sandbox/rest/{(kind == "next_url" ? "next" : kind)}").AbsoluteUri,
        auth = new { kind = "header", name = "X-Api-Key" },
        items = kind == "offset" ? "$" : "data.people",
        total = kind == "page" ? "meta.total" : null,
        paging = kind == "cursor"
            ? new { kind, size = 100, next, size_param = "page_size" }
            : next is null ? (object)new { kind, size = 100 } : new { kind, size = 100, next },
        fields = new Dictionary<string, string>
        {
            ["external_id"] = "uid",
            ["email"] = "contact.emails[0].value",
            ["first_name"] = "name.first",
            ["last_name"] = "name.last",
            ["company"] = "work.company",
            ["title"] = "work.title",
            ["phone"] = "contact.phone",
            ["linkedin_url"] = "profile",
            ["city"] = "address.city",
            ["region"] = "address.region",
            ["country"] = "address.country",
        },
        stop = maxPages is null ? null : new { max_pages = maxPages },
    };
}
