using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>Pages of v1 lists, as every one has them.</summary>
public sealed class CrmPagingTests(TestApp app)
{
    [Fact]
    public async Task Page_says_where_it_is()
    {
        var (client, ids) = await CreateClientsAsync(5);

        var first = await client.PageAsync($"{CrmWorld.Clients}?page_size=2");
        var third = await client.PageAsync($"{CrmWorld.Clients}?pageSize=2&page=3");
        var beyond = await client.PageAsync($"{CrmWorld.Clients}?page_size=2&page=9");

        Assert.True(first.GetProperty("success").GetBoolean());
        Assert.Equal(ids[..2], first.Ids());
        AssertIs("""{"page": 1, "page_size": 2, "total": 5, "total_is_exact": true, "total_pages": 3}""", first);
        Assert.NotNull(first.NextCursor());
        Assert.Equal(ids[4..], third.Ids());
        AssertIs("""{"page": 3, "page_size": 2, "total": 5, "total_is_exact": true, "total_pages": 3}""", third);
        Assert.Null(third.NextCursor());
        Assert.Empty(beyond.Ids());
        AssertIs("""{"page": 9, "page_size": 2, "total": 5, "total_is_exact": true, "total_pages": 3}""", beyond);
    }

    [Fact]
    public async Task Page_behind_a_cursor_counts_on()
    {
        var (client, ids) = await CreateClientsAsync(5);
        var second = await client.PageAsync($"{CrmWorld.Clients}?page_size=2&page=2");

        var third = await client.PageAsync($"{CrmWorld.Clients}?page_size=2&cursor={second.NextCursor()}");

        Assert.Equal(ids[4..], third.Ids());
        AssertIs("""{"page": 3, "page_size": 2, "total": 5, "total_is_exact": true, "total_pages": 3}""", third);
    }

    [Fact]
    public async Task Empty_list_has_no_pages()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        var page = await client.PageAsync(CrmWorld.Clients);

        Assert.Empty(page.Ids());
        AssertIs("""{"page": 1, "page_size": 50, "total": 0, "total_is_exact": true, "total_pages": 0}""", page);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=x", "page")]
    [InlineData("page=201", "page")]
    [InlineData("page=51&page_size=200", "page")]
    [InlineData("page=2147483647", "page")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("page_size=201", "page_size")]
    [InlineData("sort_by=metadata", "sort_by")]
    [InlineData("sort_by=name;drop", "sort_by")]
    [InlineData("sort_order=up", "sort_order")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("search=x", "search")]
    [InlineData("search=%20x%20", "search")]
    [InlineData("limit=10", "limit")]
    [InlineData("status=gone", "status")]
    [InlineData("agency_id=1", "agency_id")]
    public async Task Bad_parameter_is_refused(string query, string member)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync($"{CrmWorld.Clients}?{query}");

        Assert.Equal(member, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Deep_page_is_led_to_the_cursor()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var deepest = await client.GetAsync($"{CrmWorld.Clients}?page=50&page_size=200");
        using var deeper = await client.GetAsync($"{CrmWorld.Clients}?page=10000&page_size=2");

        Assert.Equal(HttpStatusCode.OK, deepest.StatusCode);
        var problem = await deeper.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Contains("next_cursor", problem.GetProperty("errors").GetProperty("page")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sort_by=name")]
    [InlineData("sort_order=asc")]
    [InlineData("status=active")]
    [InlineData("search=client")]
    public async Task Cursor_belongs_to_its_filter_and_order(string other)
    {
        var (client, _) = await CreateClientsAsync(3);
        var cursor = (await client.PageAsync($"{CrmWorld.Clients}?page_size=1")).NextCursor();

        using var response = await client.GetAsync($"{CrmWorld.Clients}?page_size=1&{other}&cursor={cursor}");
        using var withPage = await client.GetAsync($"{CrmWorld.Clients}?page_size=1&page=2&cursor={cursor}");
        using var ofAnotherList = await client.GetAsync($"{CrmWorld.Agencies}?page_size=1&cursor={cursor}");

        Assert.Equal("cursor", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("page", (await withPage.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
        Assert.Equal("cursor", (await ofAnotherList.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Cursor_of_another_organization_is_refused()
    {
        var (stranger, _) = await CreateClientsAsync(3);
        var cursor = (await stranger.PageAsync($"{CrmWorld.Clients}?page_size=1")).NextCursor();
        var (client, _) = await CreateClientsAsync(2);

        using var response = await client.GetAsync($"{CrmWorld.Clients}?page_size=9&cursor={cursor}");

        Assert.Equal("cursor", (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Theory]
    [InlineData("created_at", "asc")]
    [InlineData("created_at", "desc")]
    [InlineData("updated_at", "asc")]
    [InlineData("updated_at", "desc")]
    [InlineData("name", "asc")]
    [InlineData("name", "desc")]
    public async Task Walk_in_any_order_meets_each_row_once_and_equal_ones_by_id(string sortBy, string order)
    {
        var (client, ids) = await CreateClientsAsync(23);
        await app.ExecuteAsync("""
            update app.client c set created_at = t.at, updated_at = t.at, name = (array['alpha', 'Beta', 'beta', 'ALPHA', '東京'])[1 + n % 5]
            from unnest(@ids) with ordinality i (id, n), lateral (select timestamptz '2026-01-01 00:00:00.000001Z' + n % 4 * interval '1 microsecond' as at) t
            where c.id = i.id
            """, new { ids });
        var column = sortBy == "name" ? "lower(name)" : sortBy;
        var expected = await app.QueryAsync<Guid>(
            $"select id from app.client where id = any (@ids) order by {column} {order}, id {order}", new { ids });

        var path = $"{CrmWorld.Clients}?page_size=3&sort_by={sortBy}&sort_order={order}";
        Assert.Equal(expected, await client.WalkAsync(path));
        Assert.Equal(expected.Skip(6).Take(3), (await client.PageAsync(path + "&page=3")).Ids());
    }

    [Theory]
    [InlineData("last_sign_in_at", "asc")]
    [InlineData("last_sign_in_at", "desc")]
    [InlineData("name", "asc")]
    [InlineData("name", "desc")]
    public async Task Rows_that_lack_the_key_come_last_in_either_direction(string sortBy, string order)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        await app.ExecuteAsync("""
            insert into app.user (organization_id, email, email_norm, first_name, last_name, role, last_sign_in_at)
            select @organization, n || '@walk.example' || @organization, n || '@walk.example' || @organization,
                case when n % 3 > 0 then 'First' end, case when n % 3 > 1 then 'Last' || n % 4 end, 'member',
                case when n % 2 = 0 then timestamptz '2026-01-01Z' + n % 3 * interval '1 microsecond' end
            from generate_series(1, 25) n
            """, new { organization = owner.OrganizationId });
        var column = sortBy == "name" ? "lower(nullif(trim(concat_ws(' ', last_name, first_name)), ''))" : sortBy;
        var expected = await app.QueryAsync<Guid>(
            $"select id from app.user where organization_id = @OrganizationId order by {column} is null, {column} {order}, id {order}",
            new { owner.OrganizationId });

        var path = $"{CrmWorld.Users}?page_size=4&sort_by={sortBy}&sort_order={order}";
        Assert.Equal(26, expected.Count);
        Assert.Equal(expected, await client.WalkAsync(path));
        for (var page = 1; page <= 7; page++)
        {
            Assert.Equal(expected.Skip((page - 1) * 4).Take(4), (await client.PageAsync($"{path}&page={page}")).Ids());
        }
    }

    [Theory]
    [InlineData("sort_by=created_at")]
    [InlineData("sort_by=name&sort_order=desc&search=client")]
    public async Task Walk_neither_repeats_nor_skips_while_rows_come_and_go(string query)
    {
        var owner = await app.CreateUserAsync("owner");
        using var client = app.As(owner);
        var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        for (var i = 0; i < 20; i++)
        {
            await app.CreateClientAsync(owner.OrganizationId!.Value, $"Client {i:00}", agency);
        }
        var path = $"{CrmWorld.Clients}?page_size=3&{query}";
        var all = await client.WalkAsync(path);

        var seen = await client.WalkAsync(path, between: async () =>
        {
            // One that belongs on the first page, and one that was there has gone.
            await app.ExecuteAsync(
                "insert into app.client (organization_id, agency_id, name, created_at) "
                + "values (@org, @agency, 'Client 99', now() + interval '1 hour')",
                new { org = owner.OrganizationId, agency });
            await app.ExecuteAsync("delete from app.client where id = @id", new { id = all[0] });
        });

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("100%", "100% Organic")]
    [InlineData("a_b", "A_B Testing")]
    [InlineData(@"back\slash", @"Back\Slash")]
    [InlineData("MÜNCHEN", "Café München")]
    [InlineData("@prospect", "Mail")]
    public async Task Search_is_literal_and_in_any_letter_case(string term, string name)
    {
        var owner = await app.CreateUserAsync("owner");
        foreach (var other in new[] { "100% Organic", "100 percent", "A_B Testing", "AxB Testing", @"Back\Slash", "BackSlash", "Café München", "Mail" })
        {
            await app.CreateClientAsync(
                owner.OrganizationId!.Value, other, contactEmail: other == "Mail" ? "Sales@Prospect.example" : null);
        }
        foreach (var role in new[] { "owner", "read_only" })
        {
            using var client = app.As(await app.CreateUserAsync(role, owner.OrganizationId));

            var page = await client.PageAsync($"{CrmWorld.Clients}?search={Uri.EscapeDataString(term)}");

            Assert.Equal([name], page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
            Assert.Equal(1, page.GetProperty("pagination").GetProperty("total").GetInt32());
        }
    }

    [Fact]
    public async Task Search_by_an_agencys_people_finds_its_own_alone()
    {
        var staff = await app.CreateUserAsync("agency_staff");
        var own = await app.CreateClientAsync(staff.OrganizationId!.Value, "Findable one", staff.AgencyId);
        await app.CreateClientAsync(staff.OrganizationId!.Value, "Findable two");
        await app.CreateClientAsync(await app.CreateOrganizationAsync(), "Findable three");
        using var client = app.As(staff);

        var page = await client.PageAsync($"{CrmWorld.Clients}?search=findable");

        Assert.Equal([own], page.Ids());
        Assert.Equal(1, page.GetProperty("pagination").GetProperty("total").GetInt32());
    }

    private static void AssertIs(string expected, JsonElement page)
    {
        var pagination = page.GetProperty("pagination").EnumerateObject().Where(member => member.Name != "next_cursor")
            .ToDictionary(m => m.Name, m => m.Value);
        Assert.True(JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(expected), JsonSerializer.SerializeToElement(pagination)),
            $"Expected {expected}, got {page.GetProperty("pagination")}");
    }

    /// <summary>An owner's client and clients of the organization, newest first.</summary>
    private async Task<(HttpClient Client, Guid[] Ids)> CreateClientsAsync(int count)
    {
        var owner = await app.CreateUserAsync("owner");
        var agency = await app.CreateAgencyAsync(owner.OrganizationId!.Value);
        var ids = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            ids[count - 1 - i] = await app.CreateClientAsync(owner.OrganizationId!.Value, agency);
        }
        return (app.As(owner), ids);
    }
}
