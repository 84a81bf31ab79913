using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>
/// Thirty thousand contacts in every order and by every filter: as many statements a page as of ten, read from where the page begins.
/// </summary>
[Collection(LargeApp.Collection)]
public sealed class LargeContactListTests(LargeApp app)
{
    private const string Path = "/api/v1/contacts?page_size=20";

    public static TheoryData<string> Queries =>
    [
        "", "&sort_order=asc", "&sort_by=updated_at", "&sort_by=updated_at&sort_order=asc", "&sort_by=last_name",
        "&sort_by=last_name&sort_order=desc", "&sort_by=company", "&sort_by=email", "&sort_by=email&sort_order=desc",
        "&suppression=bounced", "&suppression=none&sort_by=company", "&country=LI", "&country=US&sort_by=last_name", "&owner=me",
        "&tags=rare", "&tags=often&sort_by=email", "&search=person%204242", "&search=person&sort_by=last_name",
        "&search=family%204240&tags=often", "&custom.size=50", "&custom.kind=rare&custom.size=50&sort_by=company",
        "&custom.size=5&sort_by=last_name",
    ];

    /// <summary>
    /// Two statements set the session, one reads the rows, one counts; the rest are functions inside them. Custom fields cost a look-up of
    /// the organization.
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
                Assert.True(blocks is > 0 and <= 30_000, $"{user.Role} of {user.OrganizationId} {page}: {blocks} blocks");
            }
        }
    }
}
