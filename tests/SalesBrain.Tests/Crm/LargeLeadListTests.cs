using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>
/// Thirty thousand leads in every order and by every filter: as many statements a page as of ten, read from where the page begins.
/// </summary>
[Collection(LargeApp.Collection)]
public sealed class LargeLeadListTests(LargeApp app)
{
    private const string Path = "/api/v1/leads?page_size=20";

    public static TheoryData<string> Queries =>
    [
        "", "&sort_order=asc", "&sort_by=updated_at", "&sort_by=score", "&sort_by=status", "&sort_by=priority&sort_order=asc",
        "&sort_by=last_activity_at", "&sort_by=last_activity_at&sort_order=asc", "&sort_by=last_name", "&sort_by=last_name&sort_order=desc",
        "&sort_by=company", "&status=converted", "&priority=urgent&sort_by=last_name", "&interest=no_show", "&assigned_to=me",
        "&assigned_to=none", "&practice_area=Law", "&tags=rare", "&tags=often&sort_by=score", "&min_score=96", "&search=person%204242",
        "&search=person&sort_by=last_name", "&search=family%204240&tags=often", "&custom.size=rare", "&custom.size=5&sort_by=score",
        "&custom.size=rare&tags=often&sort_by=last_name", "&min_score=90&sort_by=last_name",
    ];

    /// <summary>
    /// Two statements set the session, one reads the rows, one counts; the rest are functions inside them. Whether an organization can
    /// filter by a custom field is looked up before.
    /// </summary>
    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Page_of_a_large_list_costs_as_much_as_one_of_a_small_list(string query)
    {
        foreach (var user in new[] { app.Large, app.Staff, app.Small })
        {
            using var client = app.As(user);
            var cursor = (await client.PageAsync(Path + query)).NextCursor();
            foreach (var page in new[] { "&page=1", "&page=5", cursor is null ? "" : $"&cursor={cursor}" })
            {
                var (statements, blocks) = await app.CostAsync(
                    async () => Assert.NotEqual("", (await client.PageAsync(Path + query + page)).GetRawText()));

                Assert.Equal(query.Contains("custom.", StringComparison.Ordinal) ? 6 : 4, statements);
                // Most touch some thousands; to look up every lead with its contact takes more than 150,000.
                Assert.True(blocks is > 0 and <= 30_000, $"{user.Role} of {user.OrganizationId} {page}: {blocks} blocks");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Pages_by_number_and_by_cursor_are_the_same_rows_in_the_same_order(string query)
    {
        using var client = app.As(app.Large);
        var (byCursor, byNumber, cursor) = (new List<Guid>(), new List<Guid>(), "");
        for (var page = 1; page <= 3 && cursor is not null; page++)
        {
            byNumber.AddRange((await client.PageAsync($"{Path}{query}&page={page}")).Ids());
            var next = await client.PageAsync($"{Path}{query}&cursor={cursor}");
            byCursor.AddRange(next.Ids());
            cursor = next.NextCursor();
        }

        Assert.NotEmpty(byNumber);
        Assert.Equal(byNumber, byCursor);
        Assert.Equal(byNumber.Count, byNumber.Distinct().Count());
    }
}
