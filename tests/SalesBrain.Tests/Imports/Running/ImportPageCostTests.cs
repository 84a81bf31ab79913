using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Data.Sessions;
using SalesBrain.Integrations;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>What a page costs in statements, counted by the server: the same, whatever the page's size.</summary>
[Collection(ImportApp.Collection)]
public sealed class ImportPageCostTests(ImportApp app)
{
    [Fact]
    public async Task Page_of_ten_and_page_of_a_thousand_cost_one_statement()
    {
        foreach (var size in new[] { 10, 1000 })
        {
            var organization = await app.CreateOrganizationAsync();
            await app.CreateJobAsync(organization, status: "running");
            var database = app.Services.GetRequiredService<SalesBrainDatabase>();
            var now = DateTime.UtcNow;
            var claim = (await RunningJobs.ClaimAsync(database, Guid.NewGuid(), 3, now, now.AddSeconds(60), CancellationToken.None))!;
            Assert.Equal(organization, claim.OrganizationId);
            var page = ImportWorld.Page([.. Enumerable.Range(0, size).Select(n => $"{n}")]);

            var statements = await app.StatementsAsync(async () =>
                Assert.Equal("completed", (await RunningJobs.ApplyPageAsync(database, claim, page, now.AddSeconds(60), now, CancellationToken.None))?.Status));

            Assert.Contains("app.apply_import_page", Assert.Single(statements), StringComparison.Ordinal);
            Assert.Equal(size, await app.CountInAsync(organization, "lead"));
        }
    }

    /// <summary>The whole job as a worker runs it, with people that are new, and with the same people again, who are updated.</summary>
    [Fact]
    public async Task Job_sends_one_statement_for_each_page_and_none_for_a_person()
    {
        var few = await RunAsync(people: 30, pageSize: 10);
        var many = await RunAsync(people: 1500, pageSize: 500);
        var pages = await RunAsync(people: 1500, pageSize: 250);

        Assert.Equal(3, few.Created.Count(IsPage));
        Assert.Equal(few.Created, many.Created);
        Assert.Equal(few.Updated, many.Updated);
        Assert.Equal(few.Created, few.Updated);
        // Three pages more are three statements more.
        Assert.Equal(6, pages.Created.Count(IsPage));
        Assert.Equal(few.Created, pages.Created.Except(pages.Created.Where(IsPage)).Concat(pages.Created.Where(IsPage).Skip(3)).Order(StringComparer.Ordinal));
    }

    private async Task<(List<string> Created, List<string> Updated)> RunAsync(int people, int pageSize)
    {
        var organization = await app.CreateOrganizationAsync();
        var campaign = await app.CreateCampaignAsync(organization);
        var company = "First";
        var source = await app.CreateSourceAsync(organization, (cursor, limit, stop) => TestSources.Pages(
            [.. Enumerable.Range(0, people).Select(n => TestSources.Person($"x{n}", $"p{n}@prospect.example", company: company))], pageSize)(cursor, limit, stop));
        var created = await RunAsync(expected: (people, 0));
        company = "Second";
        var updated = await RunAsync(expected: (0, people));
        return (created, updated);

        async Task<List<string>> RunAsync((int Created, int Updated) expected)
        {
            var job = await app.CreateJobAsync(organization, source, campaign, status: "running", parameters: """{"update_existing": true}""");
            var statements = await app.StatementsAsync(app.RunJobsAsync);
            var done = await app.JobAsync(job);
            Assert.Equal(("completed", expected.Created, expected.Updated), (done.Status, (int)done.Created, (int)done.Updated));
            // How often a worker looks for a further job depends on how long this one takes.
            Assert.Contains(statements, IsClaim);
            return [.. statements.Where(statement => !IsClaim(statement) && !IsOfTransaction(statement))];
        }
    }

    private static bool IsPage(string statement) => statement.Contains("app.apply_import_page", StringComparison.Ordinal);

    private static bool IsClaim(string statement) => statement.Contains("with busy as", StringComparison.Ordinal);

    /// <summary>Claims are in a transaction behind a lock; pages are statements of their own.</summary>
    private static bool IsOfTransaction(string statement) =>
        statement is "COMMIT" or "ROLLBACK" || statement.StartsWith("BEGIN", StringComparison.Ordinal) || statement.StartsWith("select pg_advisory_xact_lock(", StringComparison.Ordinal);
}
