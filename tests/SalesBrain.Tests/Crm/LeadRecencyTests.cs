using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Crm;

/// <summary>What leads are sorted by apart from themselves is what they say.</summary>
public sealed class LeadRecencyTests(TestApp app)
{
    [Fact]
    public async Task Copy_follows_whatever_is_done_to_leads()
    {
        var organization = await app.CreateOrganizationAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await app.CreateLeadAsync(organization, lastActivityAt: i % 2 == 0 ? DateTime.UtcNow.AddDays(-i) : null));
        }
        await AssertEqualAsync(6);

        await app.ExecuteAsync(
            "update app.lead set last_activity_at = now(), updated_at = now() + interval '1 day' where id = any (@ids)",
            new { ids = ids.Take(3).ToArray() });
        await app.ExecuteAsync("update app.lead set last_activity_at = null where id = @id", new { id = ids[0] });
        await app.ExecuteAsync("update app.lead set deleted_at = now() where id = @id", new { id = ids[1] });
        await app.ExecuteAsync("delete from app.lead where id = @id", new { id = ids[2] });

        await AssertEqualAsync(5);

        async Task AssertEqualAsync(int count)
        {
            Assert.Equal(count, await app.QuerySingleAsync<int>(
                "select count(*)::int from app.lead_recency where organization_id = @organization", new { organization }));
            Assert.Empty(await app.QueryAsync<Guid>("""
                select l.id from app.lead l full join app.lead_recency r on r.organization_id = l.organization_id and r.lead_id = l.id
                where coalesce(l.organization_id, r.organization_id) = @organization
                    and (r.lead_id is null or l.id is null or (l.updated_at, l.last_activity_at) is distinct from (r.updated_at, r.last_activity_at))
                """, new { organization }));
        }
    }
}
