using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Sources;

/// <summary>Creating, reading, changing and deleting data sources.</summary>
public class DataSourceTests(TestApp app)
{
    private const string ApiKey = "a-long-api-key-of-the-vendor";

    [Fact]
    public async Task Created_source_is_untested_and_never_shows_its_credentials()
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        using var created = await client.PostTextAsync(ImportWorld.Sources, Body($$"""{"api_key": "{{ApiKey}}"}"""));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var text = await created.Content.ReadAsStringAsync();
        Assert.DoesNotContain(ApiKey, text, StringComparison.Ordinal);
        var source = await created.DataAsync();
        source.AssertIncludes(new { status = "untested", has_credentials = true, credentials_last4 = "ndor", last_test = (object?)null });
        var id = source.GetProperty("id").GetGuid();

        var read = await client.GetDataAsync($"{ImportWorld.Sources}/{id}");
        Assert.DoesNotContain(ApiKey, read.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select strpos(encode(credentials_sealed, 'escape'), @ApiKey) from app.data_source where id = @id", new { ApiKey, id }));
        Assert.DoesNotContain(await app.AuditOfAsync(id), entry => entry.Changes.Contains(ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_form_is_refused_with_every_problem()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));
        using var response = await client.PostTextAsync(ImportWorld.Sources, """{"name": "", "type": "fax", "requests_per_minute": 0}""");
        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(
            ["name", "requests_per_minute", "type"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task Only_new_credentials_and_another_server_make_a_source_untested()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateSourceAsync(owner.OrganizationId!.Value);
        await app.ExecuteAsync(
            """update app.data_source set config = '{"base_url": "https://a.example", "page_size": 5}' where id = @id""", new { id });
        using var client = app.As(owner);
        foreach (var (change, status) in new[]
        {
            ("""{"name": "Renamed"}""", "active"),
            ("""{"config": {"base_url": "https://a.example", "page_size": 10}}""", "active"),
            ("""{"config": {"base_url": "https://b.example", "page_size": 10}}""", "untested"),
            ("""{"status": "disabled"}""", "disabled"),
            ("""{"credentials": {"api_key": "another-long-api-key"}}""", "disabled"),
            ("""{"status": "untested"}""", "untested"),
        })
        {
            using var response = await client.PutTextAsync($"{ImportWorld.Sources}/{id}", change);
            Assert.Equal((change, status), (change, (await response.DataAsync()).GetProperty("status").GetString()));
        }
        await app.ExecuteAsync("update app.data_source set status = 'active' where id = @id", new { id });
        using var changed = await client.PutTextAsync(
            $"{ImportWorld.Sources}/{id}", """{"credentials": {"api_key": "a-third-long-api-key"}}""");
        Assert.Equal("untested", (await changed.DataAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Old_version_is_refused()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateSourceAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);
        using var read = await client.GetAsync($"{ImportWorld.Sources}/{id}");
        var tag = read.Headers.ETag!.ToString();
        using var first = await client.PutTextAsync($"{ImportWorld.Sources}/{id}", """{"name": "First"}""", tag);
        await first.DataAsync();
        using var second = await client.PutTextAsync($"{ImportWorld.Sources}/{id}", """{"name": "Second"}""", tag);
        await second.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
    }

    [Fact]
    public async Task Credentials_that_cannot_be_decrypted_are_asked_for_again()
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateSourceAsync(owner.OrganizationId!.Value, type: "apollo");
        // As if the data key had been removed from the settings.
        await app.ExecuteAsync(
            "update app.data_source set credentials_sealed = decode('00', 'hex'), credentials_last4 = 'ndor' where id = @id", new { id });
        using var client = app.As(owner);

        using var tested = await client.PostAsync($"{ImportWorld.Sources}/{id}/test", null);
        (await tested.DataAsync()).AssertIncludes(new
        {
            ok = false,
            code = "invalid_credentials",
            message = "The credentials of the source cannot be decrypted. Enter them again.",
        });
        Assert.Equal("error", (await client.GetDataAsync($"{ImportWorld.Sources}/{id}")).GetProperty("status").GetString());

        using var refused = await client.PutTextAsync($"{ImportWorld.Sources}/{id}", """{"config": {}}""");
        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("credentials", out _));

        using var replaced = await client.PutTextAsync($"{ImportWorld.Sources}/{id}", $$"""{"credentials": {"api_key": "{{ApiKey}}"} }""");
        Assert.Equal("untested", (await replaced.DataAsync()).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("2026-01-01", HttpStatusCode.OK)]
    [InlineData("2025-12-31", HttpStatusCode.UnprocessableEntity)]
    public async Task Period_of_the_job_list_may_be_empty_but_not_reversed(string dateTo, HttpStatusCode status)
    {
        var owner = await app.CreateUserAsync("owner");
        var id = await app.CreateSourceAsync(owner.OrganizationId!.Value);
        using var client = app.As(owner);
        using var response = await client.GetAsync($"{ImportWorld.Sources}/{id}/jobs?date_from=2026-01-01&date_to={dateTo}");
        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("running", true)]
    [InlineData("paused", true)]
    [InlineData("pending", false)]
    [InlineData("completed", false)]
    public async Task Source_with_an_active_job_is_not_deleted(string status, bool isKept)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var id = await app.CreateSourceAsync(organization, name: "Old source");
        var job = await app.CreateJobAsync(organization, id, status: status);
        using var client = app.As(owner);
        using var response = await client.DeleteAsync($"{ImportWorld.Sources}/{id}");
        if (isKept)
        {
            await response.ProblemAsync(HttpStatusCode.Conflict, "data_source_in_use");
            return;
        }
        await response.DataAsync();
        using var gone = await client.GetAsync($"{ImportWorld.Sources}/{id}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("Old source", (await client.GetDataAsync($"{ImportWorld.Jobs}/{job}")).GetProperty("data_source_name").GetString());
        if (status == "pending")
        {
            await (await client.PostAsync($"{ImportWorld.Jobs}/{job}/start", null))
                .ProblemAsync(HttpStatusCode.Conflict, "data_source_disabled");
        }
    }

    [Fact]
    public async Task List_is_filtered_searched_and_sorted()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var zoe = await app.CreateSourceAsync(organization, name: "Zoë", type: "apollo");
        var alpha = await app.CreateSourceAsync(organization, name: "alpha", type: "csv", status: "error");
        var beta = await app.CreateSourceAsync(organization, name: "Beta", type: "csv", status: "untested");
        await app.ExecuteAsync("update app.data_source set last_job_at = now() where id = @beta", new { beta });
        using var client = app.As(owner);
        foreach (var (query, expected) in new (string, Guid[])[]
        {
            ("", [alpha, beta, zoe]),
            ("?sort_order=desc", [zoe, beta, alpha]),
            ("?type=csv", [alpha, beta]),
            ("?status=error&status=active", [alpha, zoe]),
            ("?search=zoe", [zoe]),
            ("?sort_by=last_job_at", [beta, alpha, zoe]),
        })
        {
            var ids = (await client.PageAsync($"{ImportWorld.Sources}{query}")).Ids();
            Assert.True(
                query == "?sort_by=last_job_at" ? ids[0] == beta && ids.Length == 3 : expected.SequenceEqual(ids),
                $"{query}: {string.Join(", ", ids)}");
        }
    }

    private static string Body(string credentials) =>
        $$"""{"name": "Source", "type": "apollo", "credentials": {{credentials}}, "requests_per_minute": 50}""";
}
