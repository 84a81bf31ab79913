using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>Lists of a hundred thousand rows: a page takes as many statements as in a list of ten, in a stable order.</summary>
[Collection(LargeApp.Collection)]
public sealed class LargeListTests(LargeApp app)
{
    public static TheoryData<string, string> Lists => new()
    {
        { "user", $"{CrmWorld.Users}?sort_by=created_at" },
        { "user", $"{CrmWorld.Users}?sort_by=name&sort_order=desc" },
        { "user", $"{CrmWorld.Users}?sort_by=last_sign_in_at" },
        { "user", $"{CrmWorld.Users}?sort_by=email&role=member" },
        { "user", $"{CrmWorld.Users}?sort_by=name&status=disabled" },
        { "user", $"{CrmWorld.Users}?sort_by=name&search=FAMILY%20777" },
        { "client", $"{CrmWorld.Clients}?sort_by=name" },
        { "client", $"{CrmWorld.Clients}?sort_by=updated_at&sort_order=asc" },
        { "client", $"{CrmWorld.Clients}?sort_by=name&search=company" },
        { "client", $"{CrmWorld.Clients}?search=company%204242" },
    };

    /// <summary>Two statements set the session, one reads the rows, one counts; the search is a function inside them.</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Page_of_a_large_list_costs_as_much_as_one_of_a_small_list(string kind, string path)
    {
        foreach (var user in new[] { app.Large, app.Small })
        {
            using var client = app.As(user);
            var cursor = (await client.PageAsync(path + "&page_size=5")).NextCursor();
            foreach (var page in new[] { "&page=1", "&page=20", cursor is null ? "" : $"&cursor={cursor}" })
            {
                var (statements, blocks) = await app.CostAsync(
                    async () => Assert.NotEqual("", (await client.PageAsync($"{path}&page_size=5{page}")).GetRawText()));

                Assert.Equal(4, statements);
                // All rows fill more than 900 blocks, and their indexes more.
                Assert.InRange(blocks, 1, 600);
            }
        }
        Assert.True(
            await app.QuerySingleAsync<long>(
                $"select count(*) from app.{kind} where organization_id = @OrganizationId", app.Large) >= LargeApp.Rows);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Pages_by_number_and_by_cursor_are_the_same_rows_in_the_same_order(string kind, string path)
    {
        using var client = app.As(app.Large);
        var (byCursor, byNumber, cursor) = (new List<Guid>(), new List<Guid>(), "");
        for (var page = 1; page <= 3 && cursor is not null; page++)
        {
            byNumber.AddRange((await client.PageAsync($"{path}&page_size=200&page={page}")).Ids());
            var next = await client.PageAsync($"{path}&page_size=200&cursor={cursor}");
            byCursor.AddRange(next.Ids());
            cursor = next.NextCursor();
        }

        Assert.NotEmpty(byNumber);
        Assert.Equal(byNumber, byCursor);
        Assert.Equal(byNumber.Count, byNumber.Distinct().Count());
        Assert.Equal(byNumber.Count, await app.QuerySingleAsync<int>(
            $"select count(*)::int from app.{kind} where organization_id = @OrganizationId and id = any (@byNumber)",
            new { app.Large.OrganizationId, byNumber }));
    }

    [Fact]
    public async Task Total_is_exact_to_ten_thousand_and_the_cursor_goes_further()
    {
        using var client = app.As(app.Large);

        var deepest = await client.PageAsync($"{CrmWorld.Clients}?sort_by=name&page_size=200&page=50");
        var beyond = await client.PageAsync($"{CrmWorld.Clients}?sort_by=name&page_size=200&cursor={deepest.NextCursor()}");

        deepest.AssertIncludes(new { Pagination = new { Total = 10_000, TotalIsExact = false, TotalPages = 50 } });
        beyond.AssertIncludes(new { Pagination = new { Page = 51, Total = 10_000 } });
        Assert.Equal(
            await app.QueryAsync<Guid>(
                "select id from app.client where organization_id = @OrganizationId order by sort_name, id offset 10000 limit 200",
                app.Large),
            beyond.Ids());
    }

    [Fact]
    public async Task Page_far_behind_a_cursor_is_read_from_where_it_begins()
    {
        using var client = app.As(app.Large);
        // The first request looks up the session, maybe over a new connection.
        await client.PageAsync($"{CrmWorld.Users}?page_size=1");
        var seen = 0;
        string? cursor = null;
        do
        {
            var page = (JsonElement?)null;
            var (statements, blocks) = await app.CostAsync(
                async () => page = await client.PageAsync($"{CrmWorld.Users}?sort_by=last_sign_in_at&page_size=200&cursor={cursor}"));

            Assert.Equal(4, statements);
            // To count to 10,000 touches a thousand, and each row that is passed over another one.
            Assert.InRange(blocks, 1, 1500);
            seen += page!.Value.Ids().Length;
            cursor = page.Value.NextCursor();
        }
        // Far behind the users who have ever signed in, who are a third.
        while (seen < LargeApp.Rows * 2 / 5);
    }
}
