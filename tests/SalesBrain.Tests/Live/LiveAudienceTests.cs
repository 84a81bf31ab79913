using SalesBrain.Core.Access;
using SalesBrain.Core.Live;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Live;

/// <summary>
/// Streams are filtered in code, by the rules that the policies have for SQL: the two are compared for every role and every kind of event.
/// </summary>
public sealed class LiveAudienceTests(TestApp app)
{
    [Fact]
    public async Task Every_role_hears_of_exactly_the_events_that_its_policies_show()
    {
        var (organization, foreign) = (await app.CreateOrganizationAsync(), await app.CreateOrganizationAsync());
        Guid[] agencies = [await app.CreateAgencyAsync(organization), await app.CreateAgencyAsync(organization)];
        Guid[] clients =
        [
            await app.CreateClientAsync(organization, agencies[0]), await app.CreateClientAsync(organization, agencies[0]),
            await app.CreateClientAsync(organization, agencies[1]),
        ];
        var users = new List<TestUser>();
        foreach (var role in Roles.All.Where(role => !role.IsPlatform()))
        {
            for (var i = 0; i < 2; i++)
            {
                users.Add(await app.CreateUserAsync(
                    role.Name(), organization, role.Level() == RoleLevel.Agency ? agencies[i] : null,
                    role.Level() == RoleLevel.Client ? clients[i] : null));
            }
        }
        users.Add(await app.CreateUserAsync("owner", foreign));
        // Every combination of scope, person and privacy, in both organizations.
        await app.ExecuteAsync("""
            insert into app.live_event (organization_id, agency_id, client_id, user_id, audience, channel, kind, entity)
            select o.id, s.agency_id, s.client_id, u.id, p.audience, 'lead_change', 'updated', 'lead'
            from unnest(@organizations) o (id)
            cross join (
                select null::uuid as agency_id, null::uuid as client_id
                union all select a, null from unnest(@agencies) a
                union all select @agencies[1 + (c = @clients[3])::int], c from unnest(@clients) c) s
            cross join (select null::uuid as id union all select unnest(@users)) u
            cross join unnest(@audiences) p (audience)
            where p.audience <> 'person' or u.id is not null
            """, new { audiences = LiveAudience.All.ToArray(), organizations = new[] { organization, foreign }, agencies, clients, users = users.Select(user => user.Id).ToArray() });
        var changes = await app.QueryAsync<LiveChange>("""
            select xid::text::bigint as xid, number, organization_id, agency_id, client_id, user_id, audience, channel
            from app.live_event where organization_id = any (@organizations) order by number
            """, new { organizations = new[] { organization, foreign } });
        Assert.Equal(2 * 6 * ((LiveAudience.All.Count * (1 + users.Count)) - 1), changes.Count);

        foreach (var user in users)
        {
            Assert.True(Roles.TryParse(user.Role, out var role));
            var scope = new RoleScope(role, user.OrganizationId, user.AgencyId, user.ClientId);
            var shown = await app.QueryAsAsync<long>(user, "select number from app.live_event where organization_id = any (@organizations) order by number",
                new { organizations = new[] { organization, foreign } });

            Assert.Equal(shown, changes.Where(change => LiveAudience.Sees(scope, user.Id, change)).Select(change => change.Number));
            Assert.InRange(shown.Count, 1, changes.Count / 2);
        }
    }

    [Theory]
    [InlineData("sb_admin")]
    [InlineData("sb_operator")]
    public void Platform_operators_hear_of_all_but_what_is_another_persons(string name)
    {
        Assert.True(Roles.TryParse(name, out var role));
        var (scope, user) = (new RoleScope(role, null), Guid.NewGuid());
        var change = new LiveChange { OrganizationId = Guid.NewGuid(), UserId = Guid.NewGuid() };

        Assert.True(LiveAudience.Sees(scope, user, change));
        Assert.False(LiveAudience.Sees(scope, user, change with { Audience = LiveAudience.Person }));
        Assert.True(LiveAudience.Sees(scope, user, change with { Audience = LiveAudience.Person, UserId = user }));
    }
}
