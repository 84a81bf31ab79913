using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

[Collection(ClockedApp.Collection)]
public sealed class AssignCampaignsTests(ClockedApp app)
{
    [Fact]
    public async Task Campaigns_become_the_users_with_the_defaults()
    {
        var (owner, user, client) = await app.CreateOwnerAndMemberAsync();
        var campaigns = await CreateCampaignsAsync(user, 2);

        var answer = await client.AssignAsync(Path(user), new { campaign_ids = campaigns });

        answer.AssertIncludes(new { SuccessCount = 2, FailedCount = 0, Success = true });
        var assignments = await app.QueryJsonAsync("""
            select role, can_edit, can_view_stats, can_manage_contacts, status, assigned_by
            from app.user_campaign_assignment where user_id = @Id
            """, new { user.Id });
        assignments.AssertIncludes(Enumerable.Repeat(
            new
            {
                Role = "member",
                CanEdit = false,
                CanViewStats = true,
                CanManageContacts = false,
                Status = "active",
                AssignedBy = owner.Id,
            },
            2));
        var notification = await app.QuerySingleJsonAsync(
            "select type, body, count from app.notification where user_id = @Id", new { user.Id });
        notification.AssertIncludes(new { Type = "campaign.assigned", Body = "2 campaigns were assigned to you.", Count = 2 });
        Assert.Equal(
            "assignment.created",
            await app.QuerySingleAsync<string>("select action from app.audit_log where entity_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Assigned_again_it_becomes_what_is_asked_for_and_is_not_told_anew()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var campaigns = await CreateCampaignsAsync(user, 1);
        await client.AssignAsync(Path(user), new { campaign_ids = campaigns });
        var assignedAt = app.StoredNow();

        app.Time.Advance(TimeSpan.FromMinutes(5));
        var answer = await client.AssignAsync(
            Path(user),
            new { campaign_ids = campaigns, role = "owner", can_edit = true, can_view_stats = false, can_manage_contacts = true });

        answer.AssertIncludes(new { SuccessCount = 1, FailedCount = 0, Success = true });
        var assignment = await app.QuerySingleJsonAsync("""
            select role, can_edit, can_view_stats, can_manage_contacts, assigned_at from app.user_campaign_assignment where user_id = @Id
            """, new { user.Id });
        assignment.AssertIncludes(
            new { Role = "owner", CanEdit = true, CanViewStats = false, CanManageContacts = true, AssignedAt = assignedAt });
        Assert.Equal(1, await app.QuerySingleAsync<int>("select sum(count) from app.notification where user_id = @Id", new { user.Id }));
        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task The_same_request_ten_times_at_once_leaves_what_one_leaves()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var campaigns = await CreateCampaignsAsync(user, 50);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            client.AssignAsync(Path(user), new { campaign_ids = i % 2 == 0 ? campaigns : [.. campaigns.Reverse()], role = "admin" })));

        Assert.All(answers, answer => answer.AssertIncludes(new { SuccessCount = 50, FailedCount = 0, Success = true }));
        var counts = await app.QuerySingleJsonAsync("""
            select count(*) as total, count(*) filter (where role = 'admin' and status = 'active') as active_admins
            from app.user_campaign_assignment where user_id = @Id
            """, new { user.Id });
        counts.AssertIncludes(new { Total = 50, ActiveAdmins = 50 });
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task An_ended_assignment_is_used_again()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var campaigns = await CreateCampaignsAsync(user, 1);
        await client.AssignAsync(Path(user), new { campaign_ids = campaigns, role = "owner" });
        await app.ExecuteAsync("update app.user_campaign_assignment set status = 'revoked' where user_id = @Id", new { user.Id });

        await client.AssignAsync(Path(user), new { campaign_ids = campaigns });

        var assignment = await app.QuerySingleJsonAsync(
            "select status, role from app.user_campaign_assignment where user_id = @Id", new { user.Id });
        assignment.AssertIncludes(new { Status = "active", Role = "member" });
    }

    [Fact]
    public async Task Deleted_foreign_and_missing_campaigns_are_told_alike_and_stop_no_other()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var campaigns = await CreateCampaignsAsync(user, 2);
        await app.ExecuteAsync("update app.campaign set deleted_at = now() where id = @id", new { id = campaigns[1] });
        var foreign = await app.CreateCampaignAsync(await app.CreateOrganizationAsync());

        var answer = await client.AssignAsync(
            Path(user), new { campaign_ids = new[] { campaigns[0], campaigns[1], foreign, Guid.NewGuid(), campaigns[0] } });

        answer.AssertIncludes(new { SuccessCount = 1, FailedCount = 3, Success = true });
        Assert.Single(answer.GetProperty("failed_items").EnumerateArray().Select(item => item.GetProperty("code").GetString()).Distinct());
        Assert.Single(answer.GetProperty("failed_items").EnumerateArray().Select(item => item.GetProperty("error").GetString()).Distinct());
    }

    [Fact]
    public async Task A_disabled_user_gets_nothing()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync("disabled");

        using var response = await client.PostAsync(Path(user), new { campaign_ids = await CreateCampaignsAsync(user, 1) });

        await response.ProblemAsync(HttpStatusCode.Conflict, "assignee_disabled");
    }

    [Theory]
    [InlineData("{}", "campaign_ids")]
    [InlineData("""{"campaign_ids": ["019c1300-0000-7000-8000-000000000001"], "role": "boss", "can_edit": 1}""", "can_edit,role")]
    [InlineData("""{"campaign_ids": ["019c1300-0000-7000-8000-000000000001"], "assigned_by": "019c1300-0000-7000-8000-000000000001"}""", "assigned_by")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();

        using var response = await client.PostTextAsync(Path(user), body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(members, problem.Members());
    }

    [Fact]
    public async Task A_thousand_and_one_ids_are_too_many()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();

        using var response = await client.PostAsync(
            Path(user), new { campaign_ids = Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid()) });

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    private static string Path(TestUser user) => $"/api/admin/users/{user.Id}/assign-campaigns";

    private async Task<Guid[]> CreateCampaignsAsync(TestUser user, int count) => [.. await app.QueryAsync<Guid>("""
        insert into app.campaign (organization_id, name) select @OrganizationId, 'Campaign ' || n from generate_series(1, @count) n returning id
        """, new { user.OrganizationId, count })];
}
