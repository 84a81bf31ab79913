using System.Globalization;
using System.Net;
using CsvHelper;
using Npgsql;
using SalesBrain.Functions.Http.Exports;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Log;

public sealed class ExportWebhookLogsTests(ExportWebhookLogsTests.SmallExports app) : IClassFixture<ExportWebhookLogsTests.SmallExports>
{
    private const string Path = "/api/admin/webhooks/logs/export";
    private const string Heading = "id,event_type,event_source,campaign_name,contact_email,status,error_message,created_at\r\n";
    private static readonly DateTimeOffset Noon = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Csv_is_a_file_of_the_listed_columns_newest_first()
    {
        var owner = await app.CreateUserAsync("owner");
        var first = await app.CreateWebhookLogAsync(
            owner.OrganizationId!.Value, contactEmail: "ann@example.com", campaignName: "Kanzleien \"Süd\", Q3", createdAt: Noon);
        var second = await app.CreateWebhookLogAsync(
            owner.OrganizationId.Value, "failed", "email.replied", "n8n", errorMessage: "line one\nline two", createdAt: Noon.AddMilliseconds(1500));

        using var response = await app.As(owner).GetAsync(Path);

        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=webhook_logs_20260401_101112.csv", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(
            Heading
            + $"{second},email.replied,n8n,,,failed,\"line one\nline two\",2026-03-15T12:00:01.5Z\r\n"
            + $"{first},email.sent,instantly,\"Kanzleien \"\"Süd\"\", Q3\",ann@example.com,processed,,2026-03-15T12:00:00Z\r\n",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Json_is_an_array_of_what_the_list_shows()
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, contactEmail: "ann@example.com", createdAt: Noon);
        await app.CreateWebhookLogAsync(owner.OrganizationId.Value, "dead", createdAt: Noon.AddSeconds(1));
        var client = app.As(owner);

        using var response = await client.GetAsync(Path + "?format=json");

        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=webhook_logs_20260401_101112.json", response.Content.Headers.ContentDisposition?.ToString());
        var listed = (await (await client.GetAsync("/api/admin/webhooks/logs")).DataAsync()).GetProperty("logs");
        Assert.Equal(
            listed.EnumerateArray().Select(row => row.GetRawText()),
            (await response.JsonAsync()).EnumerateArray().Select(row => row.GetRawText()));
    }

    [Fact]
    public async Task Nothing_to_export_is_a_heading_or_an_empty_array()
    {
        var client = app.As(await app.CreateUserAsync("owner"));

        Assert.Equal(Heading, await client.GetStringAsync(Path));
        Assert.Empty((await (await client.GetAsync(Path + "?format=json")).JsonAsync()).EnumerateArray());
    }

    [Fact]
    public async Task Filters_and_the_organizations_bounds_hold()
    {
        var owner = await app.CreateUserAsync("owner");
        var dead = await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, "dead", errorMessage: "Timeout");
        await app.CreateWebhookLogAsync(owner.OrganizationId.Value, "dead");
        await app.CreateWebhookLogAsync(await app.CreateOrganizationAsync(), "dead", errorMessage: "Timeout");

        var rows = (await (await app.As(owner).GetAsync(Path + "?format=json&status=dead,failed&search=TIMEOUT")).JsonAsync()).EnumerateArray();

        Assert.Equal(dead, Assert.Single(rows).GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+49 123")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("=HYPERLINK(\"http://x\",\"a,b\")")]
    public async Task Cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(string name)
    {
        var owner = await app.CreateUserAsync("owner");
        await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, "dead", campaignName: name, errorMessage: name);

        var row = Assert.Single(await RowsAsync(owner));

        Assert.Equal("'" + name, row["campaign_name"]);
        Assert.Equal("'" + name, row["error_message"]);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("a=b", "a=b")]
    [InlineData("=", "'=")]
    [InlineData("'=", "'=")]
    public void Other_cells_stay_as_they_are(string? cell, string? inert) => Assert.Equal(inert, CsvExport.Inert(cell));

    [Fact]
    public async Task Export_ends_at_its_limit_with_the_newest()
    {
        var owner = await app.CreateUserAsync("owner");
        var ids = new List<string>();
        for (var i = 0; i < SmallExports.MaxRows + 3; i++)
        {
            ids.Insert(0, (await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, createdAt: Noon.AddSeconds(i))).ToString());
        }

        var rows = await RowsAsync(owner);

        Assert.Equal(ids.Take(SmallExports.MaxRows), rows.Select(row => row["id"]));
        Assert.Equal(SmallExports.MaxRows, (await (await app.As(owner).GetAsync(Path + "?format=json")).JsonAsync()).GetArrayLength());
    }

    [Theory]
    [InlineData("format=xlsx", "format")]
    [InlineData("limit=5", "limit")]
    [InlineData("search=x", "search")]
    public async Task Bad_input_is_422(string query, string member)
    {
        using var response = await app.As(await app.CreateUserAsync("owner")).GetAsync($"{Path}?{query}");

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(member, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Database_that_is_gone_is_503_and_not_half_a_file(string format)
    {
        var client = app.As(await app.CreateUserAsync("owner"));
        await client.GetStringAsync(Path);
        await using (var superuser = NpgsqlDataSource.Create(TestCluster.Current.SuperuserConnectionString))
        await using (var command = superuser.CreateCommand("""
            select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1 and usename = 'salesbrain_tenant'
            """))
        {
            command.Parameters.Add(new() { Value = new NpgsqlConnectionStringBuilder(app.Database.Tenant).Database });
            await command.ExecuteNonQueryAsync();
        }

        using var response = await client.GetAsync($"{Path}?format={format}");

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, "database_unavailable");
        Assert.Null(response.Content.Headers.ContentDisposition);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private async Task<List<Dictionary<string, string>>> RowsAsync(TestUser user)
    {
        using var reader = new CsvReader(new StringReader(await app.As(user).GetStringAsync(Path)), CultureInfo.InvariantCulture);
        Assert.True(await reader.ReadAsync() && reader.ReadHeader());
        var rows = new List<Dictionary<string, string>>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.HeaderRecord!.ToDictionary(name => name, name => reader.GetField(name)!, StringComparer.Ordinal));
        }
        return rows;
    }

    public sealed class SmallExports : TestApp
    {
        // More than two of the pieces that an export is sent in.
        internal const int MaxRows = 430;

        public override TimeProvider Clock { get; } = new FakeTimeProvider(new DateTimeOffset(2026, 4, 1, 10, 11, 12, TimeSpan.Zero));

        public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Webhooks:ExportMaxRows", MaxRows.ToString())];
    }
}
