using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CsvHelper;
using Npgsql;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Log;
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
            owner.OrganizationId.Value, "failed", "email.replied", "n8n", errorMessage: "line one\nline two",
            createdAt: Noon.AddMilliseconds(1500));

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
    [InlineData("\n=1")]
    [InlineData("\nplain")]
    [InlineData(" =1")]
    [InlineData("\u00A0\u3000\u200B\uFEFF\u2800=1")]
    [InlineData("\uFF1D1+1")]
    [InlineData("\uFF0B1")]
    [InlineData("\uFF0D1")]
    [InlineData("\uFF20SUM(A1)")]
    [InlineData("\u3000\uFF1D1")]
    [InlineData("\uFE66\uFE621")]
    [InlineData("\U000E0020=1")]
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
    [InlineData(" a=b", " a=b")]
    [InlineData("\u3000日本", "\u3000日本")]
    [InlineData("  ", "  ")]
    [InlineData("😀=", "😀=")]
    public void Other_cells_stay_as_they_are(string? cell, string? inert) => Assert.Equal(inert, CsvExport.Inert(cell));

    [Fact]
    public async Task Names_of_the_public_case_are_neutralised()
    {
        var owner = await app.CreateUserAsync("owner");
        var names = (await CaseAsync("P55-blanks-and-line-feeds-before-a-formula")).GetProperty("names").EnumerateArray()
            .Select(name => name.GetString()!).ToList();
        foreach (var (i, name) in names.Index())
        {
            await app.CreateWebhookLogAsync(owner.OrganizationId!.Value, "dead", campaignName: name, createdAt: Noon.AddSeconds(i));
        }

        Assert.Equal(names.Select(name => "'" + name).Reverse(), (await RowsAsync(owner)).Select(row => row["campaign_name"]));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("?bom=true", true)]
    [InlineData("?bom=false", false)]
    [InlineData("?format=json", false)]
    [InlineData("?format=json&bom=true", false)]
    public async Task Csv_begins_with_a_byte_order_mark_unless_it_is_left_out(string query, bool expected)
    {
        var bytes = await app.As(await app.CreateUserAsync("owner")).GetByteArrayAsync(Path + query);

        Assert.Equal(expected, bytes.AsSpan().StartsWith("\uFEFF"u8));
        Assert.Equal(expected ? 1 : 0, Encoding.UTF8.GetString(bytes).Count(letter => letter == '\uFEFF'));
        Assert.NotEqual(default, (await CaseAsync("P56-csv-that-excel-opens")).ValueKind);
    }

    [Fact]
    public async Task Export_is_as_of_its_start_and_holds_no_connection_while_rows_are_used()
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var ids = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            ids.Insert(0, await app.CreateWebhookLogAsync(organization, "dead", createdAt: Noon.AddSeconds(i)));
        }
        await using var database = new SalesBrainDatabase(new DatabaseOptions
        {
            TenantConnectionString = new NpgsqlConnectionStringBuilder(app.Database.Tenant) { MaxPoolSize = 1, Timeout = 2 }.ConnectionString,
            PlatformConnectionString = app.Database.Platform,
        });
        var context = new TenantContext(organization, owner.Id, "owner");
        var exported = new List<Guid>();

        await foreach (var row in WebhookLogs.ReadAllAsync(database.ReadTenant(context), new WebhookLogFilter(), 100, 3, TestContext.Current.CancellationToken))
        {
            exported.Add(row.Id);
            await app.CreateWebhookLogAsync(organization, createdAt: Noon.AddMinutes(exported.Count));
            // A log that was exported changes, one that was not is deleted.
            await app.ExecuteAsync("update app.webhook_log set error_message = 'changed' where id = @Id", new { row.Id });
            await app.ExecuteAsync("delete from app.webhook_log where id = @id", new { id = ids[4] });
            Assert.Equal(
                1, await database.ReadTenant(context).QuerySingleAsync<int>("select 1", null, TestContext.Current.CancellationToken));
        }

        Assert.Equal(ids.Where(id => id != ids[4]), exported);
    }

    [Theory]
    [InlineData("status=dead")]
    [InlineData("search=timeout")]
    [InlineData("event_type=email.sent,email.opened")]
    public async Task Export_of_several_pages_has_every_row_once(string query)
    {
        var owner = await app.CreateUserAsync("owner");
        await CreateManyAsync(owner.OrganizationId!.Value, SmallExports.MaxRows);

        var rows = await RowsAsync(owner, "?" + query);

        Assert.Equal(SmallExports.MaxRows, rows.Select(row => row["id"]).Distinct().Count());
        Assert.Equal(rows.Select(row => row["created_at"]).OrderDescending(StringComparer.Ordinal), rows.Select(row => row["created_at"]));
    }

    [Fact]
    public async Task Export_ends_at_its_limit_with_the_newest()
    {
        var owner = await app.CreateUserAsync("owner");
        await CreateManyAsync(owner.OrganizationId!.Value, SmallExports.MaxRows + 3);
        var ids = await app.QueryAsync<string>(
            "select id::text from app.webhook_log where organization_id = @OrganizationId order by created_at desc",
            new { owner.OrganizationId });

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
        Assert.Equal(member, problem.Members());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Database_that_is_gone_is_503_and_not_half_a_file(string format)
    {
        Assert.SkipWhen(
            TestServers.PgBouncerProgram is not null,
            "PgBouncer replaces ended connections; DatabaseOutageTests stops the server behind it.");
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

    /// <summary>Dead logs with an error message, a second apart.</summary>
    private async Task CreateManyAsync(Guid organization, int count)
    {
        var rows = Enumerable.Range(0, count).Select(i => WebhookLogIds.Create(Noon.AddSeconds(i))).ToArray();
        await app.EnsurePartitionsAsync(rows[0].CreatedAt);
        await app.ExecuteAsync("""
            insert into app.webhook_log (
                id, organization_id, event_source, event_type, status, error_message, occurred_at, created_at, processed_at, last_delivered_at)
            select r.id, @organization, 'instantly', 'email.sent', 'dead', 'Timeout', r.at, r.at, r.at, r.at from unnest(@ids, @times) r (id, at)
            """, new { organization, ids = rows.Select(row => row.Id).ToArray(), times = rows.Select(row => row.CreatedAt).ToArray() });
    }

    /// <summary>The input of a public case.</summary>
    private static async Task<JsonElement> CaseAsync(string name)
    {
        var file = System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "public-cases", name + ".json");
        return JsonElement.Parse(await File.ReadAllBytesAsync(file)).GetProperty("input");
    }

    private async Task<List<Dictionary<string, string>>> RowsAsync(TestUser user, string query = "")
    {
        using var reader = new CsvReader(new StringReader(await app.As(user).GetStringAsync(Path + query)), CultureInfo.InvariantCulture);
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
        // More than two of the pages that an export is read in.
        internal const int MaxRows = 2300;

        public override TimeProvider Clock { get; } = new FakeTimeProvider(new DateTimeOffset(2026, 4, 1, 10, 11, 12, TimeSpan.Zero));

        public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Webhooks:ExportMaxRows", MaxRows.ToString())];
    }
}
