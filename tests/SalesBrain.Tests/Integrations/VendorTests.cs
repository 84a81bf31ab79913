using System.Text.Json;
using SalesBrain.Integrations;
using SalesBrain.LocalHost.Sandbox;

namespace SalesBrain.Tests.Integrations;

/// <summary>What each vendor's people become.</summary>
public sealed class VendorTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    [Fact]
    public async Task Apollo_search_costs_nothing_and_never_stores_an_obfuscated_surname()
    {
        var key = SandboxHost.Credential("key");
        var pages = await SandboxHost.ReadAllAsync(ErrorTableTests.OpenWith(host, "apollo", key), 100);
        var people = pages.SelectMany(page => page.People).ToList();

        Assert.Equal(SandboxPeople.Count, people.Select(person => person.ExternalId).Distinct().Count());
        Assert.Equal(50, pages.Count);
        Assert.All(pages, page => Assert.Equal((0, (long?)SandboxPeople.Count), (page.Credits, page.Total)));
        Assert.All(people, person => Assert.Equal((null, null), (person.LastName, person.Email)));
        Assert.DoesNotContain("***", JsonSerializer.Serialize(people), StringComparison.Ordinal);
        Assert.Equal(0, host.Sandbox.CountOf(ApolloSandbox.Credits, key));
    }

    [Fact]
    public async Task Apollo_enrichment_stops_at_the_ceiling_and_spends_no_more()
    {
        var key = SandboxHost.Credential("key");
        var spent = 0;
        var people = new List<SourcePerson>();
        string? cursor = null;
        SourcePage page;
        do
        {
            // As a job does: each page is told what is left.
            page = await ErrorTableTests.OpenWith(host, "apollo", key, new SourceRequest(Reveal: true, MaxCredits: 120 - spent))
                .FetchAsync(cursor, 100, TestContext.Current.CancellationToken);
            (spent, cursor) = (spent + page.Credits, page.NextCursor);
            people.AddRange(page.People);
        }
        while (cursor is not null);

        Assert.Equal(SourceStops.MaxCredits, page.Stopped);
        Assert.Equal((120, 120), (spent, host.Sandbox.CountOf(ApolloSandbox.Credits, key)));
        // Two of the first 122 were not found, and cost nothing.
        Assert.Equal(122, people.Count);
        var ann = people[0];
        Assert.Equal(
            ("Abelheim", SandboxPeople.All[0].Email, false, "+4930901820"), (ann.LastName, ann.Email, ann.EmailVerified, ann.Phone));
        Assert.True(people[1].EmailVerified);
        Assert.Null(people[49].Email);
        Assert.Equal("verified", people[1].Data!.Value.GetProperty("email_status").GetString());
    }

    /// <summary>What was paid for is not lost: the page ends with the people that were enriched, and the next begins behind them.</summary>
    [Fact]
    public async Task Apollo_page_that_fails_in_the_middle_of_enrichment_keeps_what_was_paid_for()
    {
        var key = SandboxHost.Credential("halfway");
        var adapter = ErrorTableTests.OpenWith(host, "apollo", key, new SourceRequest(Reveal: true));

        var first = await adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken);
        var second = await adapter.FetchAsync(first.NextCursor, 100, TestContext.Current.CancellationToken);

        Assert.Equal((10, 10), (first.People.Count, first.Credits));
        Assert.Equal(
            SandboxPeople.All.Take(20).Select(person => person.Id), first.People.Concat(second.People).Select(person => person.ExternalId));
        // Three requests, no repetition: the second failed and ended the first page.
        Assert.Equal(20, host.Sandbox.CountOf(ApolloSandbox.Credits, key));
    }

    [Fact]
    public async Task Apollo_filters_reach_the_search_and_pages_keep_their_size()
    {
        var filters = JsonSerializer.SerializeToElement(new { person_titles = new[] { "CTO", "CFO" } });
        var adapter = ErrorTableTests.OpenWith(
            host, "apollo", SandboxHost.Credential("key"), new SourceRequest(filters), new { page_size = 70 });

        // The job takes fewer people at a time than the vendor gives.
        var people = (await SandboxHost.ReadAllAsync(adapter, 30)).SelectMany(page => page.People).ToList();

        var expected = SandboxPeople.All.Where(person => person.Title is "CTO" or "CFO").Select(person => person.Id).ToList();
        Assert.Equal(expected, people.Select(person => person.ExternalId));
    }

    [Fact]
    public async Task Apollo_test_reports_the_limits()
    {
        var key = SandboxHost.Credential("key");
        var test = await ErrorTableTests.OpenWith(host, "apollo", key).TestAsync(TestContext.Current.CancellationToken);

        Assert.Equal((true, "ok", 50), (test.Ok, test.Code, test.Quota!.Value.GetProperty("minute_limit").GetInt32()));
        Assert.Equal(0, host.Sandbox.CountOf(ApolloSandbox.Credits, key));
    }

    [Theory]
    [InlineData("zoominfo gtm")]
    [InlineData("zoominfo legacy")]
    public async Task Zoominfo_signs_in_once_for_all_pages_and_reads_the_number_of_matches(string vendor)
    {
        var user = SandboxHost.Credential("key");
        var source = Guid.NewGuid();
        ISourceAdapter Open() => vendor == "zoominfo gtm"
            ? host.Open(SourceType.Zoominfo, new { api = "gtm" }, new { client_id = user, client_secret = "s" }, sourceId: source)
            : host.Open(SourceType.Zoominfo, new { api = "legacy" }, new { username = user, password = "s" }, sourceId: source);
        string? cursor = null;
        var ids = new HashSet<string>();
        var pages = 0;
        do
        {
            // Each page on an adapter of its own, as after a restart.
            var page = await Open().FetchAsync(cursor, 100, TestContext.Current.CancellationToken);
            Assert.Equal(SandboxPeople.Count, page.Total);
            Assert.All(page.People, person => Assert.True(person.Email is null && ids.Add(person.ExternalId!)));
            (cursor, pages) = (page.NextCursor, pages + 1);
        }
        while (cursor is not null);

        Assert.Equal((50, SandboxPeople.Count, 1), (pages, ids.Count, host.Sandbox.CountOf(ZoominfoSandbox.SignIns, user)));
    }

    [Theory]
    [InlineData("zoominfo gtm", 60)]
    [InlineData("zoominfo legacy", 56)]
    public async Task Zoominfo_token_is_renewed_shortly_before_it_expires(string vendor, int minutes)
    {
        var (user, clock, source) = (SandboxHost.Credential("key"), new FakeTimeProvider(), Guid.NewGuid());
        await using var services = host.CreateServices(clock: clock);
        var adapters = (ISourceAdapters)services.GetService(typeof(ISourceAdapters))!;
        Task<SourceTest> TestAsync() => (vendor == "zoominfo gtm"
            ? host.Open(
                SourceType.Zoominfo, new { api = "gtm" }, new { client_id = user, client_secret = "s" }, adapters: adapters,
                sourceId: source)
            : host.Open(
                SourceType.Zoominfo, new { api = "legacy" }, new { username = user, password = "s" }, adapters: adapters,
                sourceId: source)).TestAsync(default);

        Assert.True((await TestAsync()).Ok);
        clock.Advance(TimeSpan.FromMinutes(54));
        Assert.True((await TestAsync()).Ok);
        Assert.Equal(1, host.Sandbox.CountOf(ZoominfoSandbox.SignIns, user));
        clock.Advance(TimeSpan.FromMinutes(minutes - 54));
        Assert.True((await TestAsync()).Ok);
        Assert.Equal(2, host.Sandbox.CountOf(ZoominfoSandbox.SignIns, user));
    }

    [Theory]
    [InlineData("zoominfo gtm")]
    [InlineData("zoominfo legacy")]
    public async Task Zoominfo_token_that_is_refused_early_is_requested_again_once(string vendor)
    {
        var user = SandboxHost.Credential("revoked");
        var pages = await SandboxHost.ReadAllAsync(ErrorTableTests.OpenWith(host, vendor, user), 100, maxPages: 5);

        Assert.Equal(5, pages.Count);
        Assert.Equal(3, host.Sandbox.CountOf(ZoominfoSandbox.SignIns, user));
    }

    [Theory]
    [InlineData("zoominfo gtm")]
    [InlineData("zoominfo legacy")]
    public async Task Zoominfo_enrichment_keeps_the_do_not_call_flags(string vendor)
    {
        var user = SandboxHost.Credential("key");
        var page = await ErrorTableTests.OpenWith(host, vendor, user, new SourceRequest(Reveal: true, MaxCredits: 30))
            .FetchAsync(null, 100, TestContext.Current.CancellationToken);

        Assert.Equal((30, 30, 30), (page.People.Count, page.Credits, host.Sandbox.CountOf(ZoominfoSandbox.Credits, user)));
        Assert.Equal(SourceStops.MaxCredits, page.Stopped);
        Assert.True(page.People[0].Data!.Value.GetProperty("directPhoneDoNotCall").GetBoolean());
        Assert.False(page.People[1].Data!.Value.GetProperty("directPhoneDoNotCall").GetBoolean());
        var expected = SandboxPeople.All[0];
        Assert.Equal(
            (expected.LastName, expected.Email, "+4930901820", expected.Company, expected.LinkedinUrl, "Germany"),
            (page.People[0].LastName, page.People[0].Email, page.People[0].Phone, page.People[0].Company, page.People[0].LinkedinUrl, page.People[0].Country));
    }

    [Fact]
    public async Task Linkedin_joins_answers_by_field_and_drops_test_leads()
    {
        var pages = await SandboxHost.ReadAllAsync(ErrorTableTests.OpenWith(host, "linkedin", SandboxHost.Credential("key")), 100);
        var people = pages.SelectMany(page => page.People).ToList();

        Assert.Equal(LinkedinSandbox.Leads - LinkedinSandbox.TestLeads, people.Select(person => person.ExternalId).Distinct().Count());
        var (first, expected) = (people[0], SandboxPeople.All[0]);
        Assert.Equal(
            (expected.FirstName, expected.LastName, expected.Email, expected.Company, expected.Title, expected.City, "+4930901820", expected.LinkedinUrl),
            (first.FirstName, first.LastName, first.Email, first.Company, first.Title, first.City, first.Phone, first.LinkedinUrl));
        var data = first.Data!.Value;
        Assert.Equal(
            ("Formulario", "50-100"),
            (data.GetProperty("form").GetString(), data.GetProperty("answers").GetProperty("Tamaño").GetString()));
        Assert.True(data.GetProperty("consents")[0].GetProperty("accepted").GetBoolean());
    }

    [Theory]
    [InlineData("page", null)]
    [InlineData("offset", null)]
    [InlineData("cursor", "paging.cursors.after")]
    [InlineData("link", null)]
    [InlineData("next_url", "next")]
    public async Task Api_reads_everybody_once_with_every_paging_style(string kind, string? next)
    {
        var adapter = host.Open(SourceType.Api, ErrorTableTests.RestConfig(host, kind, next), new { api_key = "sandbox-key" });

        var pages = await SandboxHost.ReadAllAsync(adapter, 40);
        var people = pages.SelectMany(page => page.People).ToList();

        Assert.Equal(
            SandboxPeople.All.Select(person => (person.Id, person.Email)), people.Select(person => (person.ExternalId!, person.Email!)));
        Assert.Equal(kind == "page" ? SandboxPeople.Count : null, pages[0].Total);
        Assert.Equal(0, people[0].Data!.Value.GetProperty("score").GetInt32());
    }

    [Theory]
    [InlineData("header", """{"kind": "header", "name": "X-Api-Key"}""", """{"api_key": "sandbox-key"}""")]
    [InlineData("query", """{"kind": "query", "name": "api_key"}""", """{"api_key": "sandbox-key"}""")]
    [InlineData("bearer", """{"kind": "bearer"}""", """{"token": "sandbox-key"}""")]
    [InlineData("basic", """{"kind": "basic"}""", """{"username": "user", "password": "sandbox-key"}""")]
    [InlineData("oauth2", """{"kind": "oauth2", "token_url": "@/sandbox/rest/token", "scope": "people"}""", """{"client_id": "sandbox-key", "client_secret": "s"}""")]
    public async Task Api_signs_in_in_every_way(string kind, string auth, string credentials)
    {
        foreach (var (mode, works) in new[] { ("key", true), ("bad", false) })
        {
            var config = JsonSerializer.SerializeToElement(new
            {
                base_url = new Uri(host.Url, "sandbox/rest/next").AbsoluteUri,
                items = "data.people",
                fields = new { external_id = "uid" },
                paging = new { kind = "next_url", next = "next" },
                auth = JsonDocument.Parse(auth.Replace("@", host.Url.GetLeftPart(UriPartial.Authority))).RootElement,
            });
            var secret = JsonDocument.Parse(credentials.Replace("sandbox-key", SandboxHost.Credential(mode))).RootElement;
            Assert.Empty(host.Adapters.Check(SourceType.Api, config, secret));
            var adapter = host.Open(SourceType.Api, config, secret);

            if (works)
            {
                var page = await adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken);
                Assert.Equal(100, page.People.Count);
                Assert.DoesNotContain("sandbox-key", page.NextCursor!, StringComparison.Ordinal);
                Assert.Equal(100, (await adapter.FetchAsync(page.NextCursor, 100, TestContext.Current.CancellationToken)).People.Count);
            }
            else
            {
                Assert.Equal((kind, SourceErrors.InvalidCredentials), (kind, (await SandboxHost.FailureAsync(adapter)).Code));
            }
        }
    }

    [Fact]
    public async Task Api_sends_a_body_with_the_page_in_it()
    {
        var adapter = host.Open(SourceType.Api, new
        {
            base_url = new Uri(host.Url, "sandbox/rest/query").AbsoluteUri,
            method = "POST",
            body = new { filter = "all" },
            items = "items",
            fields = new { external_id = "uid" },
            paging = new { kind = "page", size = 50 },
        });

        var first = await adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken);
        var second = await adapter.FetchAsync(first.NextCursor, 100, TestContext.Current.CancellationToken);

        Assert.Equal(
            SandboxPeople.All.Take(100).Select(person => person.Id),
            first.People.Concat(second.People).Select(person => person.ExternalId));
    }

    [Fact]
    public async Task Api_test_shows_one_masked_person()
    {
        var test = await host.Open(SourceType.Api, ErrorTableTests.RestConfig(host, "page", null), new { api_key = "sandbox-key" })
            .TestAsync(TestContext.Current.CancellationToken);

        Assert.True(test.Ok, test.Message);
        var sample = test.Sample!.Value;
        Assert.Equal(("p***@a***", "A***"), (sample.GetProperty("email").GetString(), sample.GetProperty("last_name").GetString()));
    }

    [Fact]
    public async Task Api_items_that_nobody_can_be_found_by_are_row_problems()
    {
        var adapter = host.Open(
            SourceType.Api,
            new
            {
                base_url = new Uri(host.Url, "sandbox/rest/page").AbsoluteUri,
                items = "data.people",
                fields = new { email = "work.company" },
            });

        var page = await adapter.FetchAsync(null, 100, TestContext.Current.CancellationToken);

        Assert.Empty(page.People);
        Assert.Equal((100, 1L, "identity_missing"), (page.Problems.Count, page.Problems[0].Line, page.Problems[0].Code));
    }
}
