using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Analytics;

/// <summary>Stored answers: reused while nothing has changed, and never for another scope.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class AnalyticsCacheTests(AnalyticsApp app)
{
    [Fact]
    public async Task Answer_is_reused_with_the_same_bytes_until_something_in_its_scope_changes()
    {
        var (owner, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
        var otherAgency = await app.CreateAgencyAsync(place.OrganizationId);
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));
        var elsewhere = await app.CreateLeadAsync(place.OrganizationId, agencyId: otherAgency);
        await app.FoldAnalyticsAsync();
        var (first, own) = (await OverviewAsync(owner), await OverviewAsync(ofAgency));

        Assert.Equal(first, await OverviewAsync(owner));
        Assert.Equal(own, await OverviewAsync(ofAgency));
        // Folding changes nothing.
        await app.CreateActivityAsync(elsewhere, DateTime.UtcNow, "email.sent");
        var second = await OverviewAsync(owner);
        await app.FoldAnalyticsAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await OverviewAsync(owner));
        Assert.Equal(own, await OverviewAsync(ofAgency));

        foreach (var change in new[]
        {
            "update app.lead set priority = 'urgent', updated_at = now() where id = @lead",
            "update app.campaign set status = 'paused' where id = (select campaign_id from app.lead where id = @lead)",
            "update app.user set last_name = 'Renamed' where organization_id = @OrganizationId",
            "update app.lead set deleted_at = now() where id = @lead",
        })
        {
            var (before, ownBefore) = (await OverviewAsync(owner), await OverviewAsync(ofAgency));
            await app.ExecuteAsync(change, new { lead, place.OrganizationId });
            Assert.NotEqual(before, await OverviewAsync(owner));
            Assert.NotEqual(ownBefore, await OverviewAsync(ofAgency));
        }
        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.analytics_cache where organization_id = @OrganizationId", new { place.OrganizationId }));
    }

    [Fact]
    public async Task Transaction_that_commits_late_makes_answers_old_too()
    {
        var (owner, lead, _) = await app.CreateReportedLeadAsync("Europe/Paris");
        await app.FoldAnalyticsAsync();
        await using var connection = new Npgsql.NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = new Npgsql.NpgsqlCommand(
                $"update app.lead set source = 'late' where id = '{lead}'", connection, transaction);
            await command.ExecuteNonQueryAsync();
            // Another one begins after it and commits before it.
            await app.ExecuteAsync(
                "update app.lead set priority = 'low' where id = @other",
                new
                {
                    other = await app.CreateLeadAsync(
                        (await app.QuerySingleAsync<Guid>("select organization_id from app.lead where id = @lead", new { lead }))),
                });
            await app.FoldAnalyticsAsync();
            Assert.DoesNotContain("\"late\"", await OverviewAsync(owner));
            await transaction.CommitAsync();
        }

        Assert.Contains("\"late\"", await OverviewAsync(owner));
    }

    [Fact]
    public async Task Equal_organizations_and_agencies_never_share_answers()
    {
        var places = new[] { await CrmPlace.CreateAsync(app), await CrmPlace.CreateAsync(app) };
        var seen = new List<string>();
        foreach (var place in places)
        {
            var second = await app.CreateAgencyAsync(place.OrganizationId);
            foreach (var agency in new[] { place.AgencyId, second })
            {
                var campaign = await app.CreateCampaignAsync(place.OrganizationId, "Same", agencyId: agency);
                for (var lead = 0; lead < 10; lead++)
                {
                    await app.CreateActivityAsync(
                        await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign, agencyId: agency), DateTime.UtcNow,
                        "email.replied");
                }
            }
            await app.FoldAnalyticsAsync();
            foreach (var user in new[]
            {
                await place.CreateUserAsync(app, "owner"), await place.CreateUserAsync(app, "agency_admin"),
                await app.CreateUserAsync("agency_admin", place.OrganizationId, second),
            })
            {
                using var client = app.As(user);
                foreach (var path in new[] { AnalyticsWorld.Overview, AnalyticsWorld.Leads + "?group_by_field=campaign", AnalyticsWorld.Team })
                {
                    seen.Add(await client.GetStringAsync(path));
                    Assert.Equal(seen[^1], await client.GetStringAsync(path));
                }
                // As policy too: a session finds no answer of another scope, whatever the statement asks for.
                Assert.All(
                    await app.QueryAsAsync<(Guid Organization, string Scope)>(
                        user, "select organization_id, scope from app.analytics_cache", new { }),
                    row => Assert.Equal((place.OrganizationId, user.AgencyId is null ? "organization" : $"agency/{user.AgencyId}"), row));
            }
        }
        // Each names its own campaigns: no two are the same.
        Assert.Equal(18, seen.Count);
        Assert.Equal(12, seen.Where((_, index) => index % 3 < 2).Select(Without).Distinct().Count());
        Assert.Equal(
            18,
            await app.QuerySingleAsync<int>(
                "select count(*)::int from app.analytics_cache where organization_id = any (@ids)",
                new { ids = places.Select(place => place.OrganizationId).ToArray() }));

        static string Without(string answer) =>
            System.Text.RegularExpressions.Regex.Replace(
                answer, "\"as_of\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking);
    }

    [Fact]
    public async Task Old_answers_are_archived()
    {
        var (owner, _, place) = await app.CreateReportedLeadAsync("UTC");
        await owner.GetDataAsync(AnalyticsWorld.Overview);
        await owner.GetDataAsync(AnalyticsWorld.Team);
        await app.ExecuteAsync(
            "update app.analytics_cache set computed_at = now() - interval '8 days' where organization_id = @OrganizationId "
            + "and answer like '%\"users\"%'",
            new { place.OrganizationId });

        await app.ExecuteAsync("select app.archive_old_analytics_cache(7)");

        Assert.Equal(1, await app.QuerySingleAsync<int>(
            "select count(*)::int from app.analytics_cache where organization_id = @OrganizationId", new { place.OrganizationId }));
    }

    private static Task<string> OverviewAsync(HttpClient client) => client.GetStringAsync(AnalyticsWorld.Overview);
}
