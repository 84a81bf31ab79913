using System.Globalization;
using System.Net;
using System.Text;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

public sealed class ExportLeadsTests(ExportLeadsTests.SmallExports app) : IClassFixture<ExportLeadsTests.SmallExports>
{
    private const string Path = "/api/v1/leads/export";

    private const string Heading =
        "id,status,interest,interest_label,priority,score,qualification_score,first_name,last_name,email,company,campaign_name,client_name,assignee_name,"
        + "practice_area,source,tags,deal_amount,deal_currency,expected_close_date,closed_at,sent_count,opened_count,clicked_count,replied_count,"
        + "last_activity_at,created_at,updated_at\r\n";

    [Fact]
    public async Task Csv_is_a_file_of_the_leads()
    {
        var owner = await app.CreateUserAsync("owner");
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value, "Kanzleien \"Süd\", Q3");
        var id = await app.CreateLeadAsync(
            owner.OrganizationId.Value, "=Zoë", "O'Neil", "Smith, Co", "zoe@one.example", campaign, assignedTo: owner.Id,
            status: "converted", tags: ["hot", "+1"], score: 77);
        await app.ExecuteAsync("""
            update app.lead set deal_amount = 1234.5, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity', expected_close_date = '2026-12-31',
                created_at = '2026-03-15T12:00:00Z', updated_at = '2026-03-15T12:00:01.5Z', closed_at = '2026-03-16T00:00:00Z' where id = @id
            """, new { id });

        using var response = await app.As(owner).GetAsync(Path);

        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=leads_20260401_101112.csv", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(
            Heading + $"{id},converted,,,medium,77,,'=Zoë,O'Neil,zoe@one.example,\"Smith, Co\",\"Kanzleien \"\"Süd\"\", Q3\",,Test,,,hot; +1,1234.50,EUR,2026-12-31,"
                + "2026-03-16T00:00:00Z,0,0,0,0,,2026-03-15T12:00:00Z,2026-03-15T12:00:01.5Z\r\n",
            await response.Content.ReadAsStringAsync());
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(Encoding.UTF8.GetPreamble(), bytes[..3]);
        Assert.Equal((byte)'i', (await app.As(owner).GetByteArrayAsync(Path + "?bom=false"))[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sort_by=score&sort_order=asc")]
    [InlineData("&sort_by=last_name")]
    [InlineData("&sort_by=last_activity_at")]
    [InlineData("&sort_by=updated_at&status=contacted")]
    [InlineData("&min_score=5&sort_by=company&sort_order=desc")]
    [InlineData("&search=family")]
    public async Task Rows_are_those_of_the_list_in_its_order(string query)
    {
        var owner = await app.CreateUserAsync("owner");
        await app.ExecuteAsync("""
            insert into app.contact (organization_id, email, email_norm, last_name, company)
            select @OrganizationId, n || '@' || @OrganizationId, n || '@' || @OrganizationId, case when n % 3 > 0 then 'Family ' || n % 5 end, 'Company ' || n % 4
            from generate_series(1, 40) n;
            insert into app.lead (organization_id, contact_id, status, score, last_activity_at)
            select k.organization_id, k.id, case when k.company = 'Company 1' then 'new' else 'contacted' end, 1 + n % 7,
                case when n % 4 > 0 then now() - n % 5 * interval '1 day' end
            from (select *, split_part(email, '@', 1)::int as n from app.contact where organization_id = @OrganizationId) k
            """, owner);
        using var client = app.As(owner);

        var listed = (await client.PageAsync($"/api/v1/leads?page_size=200{query}")).Ids();
        var exported = await IdsAsync(client, $"{Path}?{query.TrimStart('&')}");

        Assert.NotEmpty(listed);
        // At most 25 rows, by the app's setting; pages of a thousand are one.
        Assert.Equal(listed.Take(25), exported);
    }

    [Fact]
    public async Task Nothing_to_export_is_a_heading()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        Assert.Equal(Heading, await client.GetStringAsync(Path));
    }

    [Theory]
    [InlineData("?page=1", "page")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?status=won", "status")]
    [InlineData("?bom=maybe", "bom")]
    [InlineData("?assigned_to=you&tags=", "tags")]
    public async Task Bad_parameter_is_refused(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync(Path + query);

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    private static async Task<Guid[]> IdsAsync(HttpClient client, string path) =>
        [.. (await client.GetStringAsync(path)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => Guid.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))];

    /// <summary>At 2026-04-01 10:11:12, with at most 25 rows in an export.</summary>
    public sealed class SmallExports : TestApp
    {
        public override TimeProvider Clock { get; } = new FakeTimeProvider(new DateTimeOffset(2026, 4, 1, 10, 11, 12, TimeSpan.Zero));

        public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Responses:ExportMaxRows", "25")];
    }
}
