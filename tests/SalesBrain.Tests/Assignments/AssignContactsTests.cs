using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

[Collection(ClockedApp.Collection)]
public sealed class AssignContactsTests(ClockedApp app)
{
    [Fact]
    public async Task Contacts_become_the_users_and_one_notification_and_one_audit_entry_tell_of_it()
    {
        var (owner, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 3);

        var answer = await client.AssignAsync(Path(user), new { contact_ids = contacts, next_followup_at = "2026-02-01T09:00:00Z" });

        AssertCounts(answer, 3, 0);
        Assert.True(answer.GetProperty("success").GetBoolean());
        var assignments = await app.QueryJsonAsync("""
            select assignment_type, is_primary_owner, ownership_percentage::int, status, assigned_by, next_followup_at
            from app.user_contact_assignment where user_id = @Id
            """, new { user.Id });
        assignments.AssertIncludes(Enumerable.Repeat(
            new
            {
                AssignmentType = "manual",
                IsPrimaryOwner = true,
                OwnershipPercentage = 100,
                Status = "active",
                AssignedBy = owner.Id,
                NextFollowupAt = new DateTime(2026, 2, 1, 9, 0, 0, DateTimeKind.Utc),
            },
            3));
        var notification = await app.QuerySingleJsonAsync(
            "select type, body, count from app.notification where user_id = @Id", new { user.Id });
        notification.AssertIncludes(new { Type = "contact.assigned", Body = "3 contacts were assigned to you.", Count = 3 });
        var entry = await app.QuerySingleJsonAsync("""
            select actor_id, actor_role, changes ->> 'count' as count
            from app.audit_log where action = 'assignment.created' and entity_id = @Id
            """, new { user.Id });
        entry.AssertIncludes(new { ActorId = owner.Id, ActorRole = "owner", Count = "3" });
    }

    [Fact]
    public async Task One_bad_id_never_stops_the_others_and_doubled_ids_count_once()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 2);
        var foreign = Assert.Single(await app.CreateContactsAsync(await app.CreateOrganizationAsync(), 1));
        var missing = Guid.NewGuid();

        var answer = await client.AssignAsync(
            Path(user), new { contact_ids = new[] { missing, contacts[0], foreign, contacts[0], contacts[1], missing } });

        AssertCounts(answer, 2, 2);
        Assert.Equal(
            [missing, foreign], answer.GetProperty("failed_items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
        Assert.All(
            answer.GetProperty("failed_items").EnumerateArray(), item => Assert.Equal("not_found", item.GetProperty("code").GetString()));
        Assert.Equal(
            WithoutId(answer.GetProperty("failed_items")[0]), WithoutId(answer.GetProperty("failed_items")[1]));
        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.user_contact_assignment where contact_id = @foreign", new { foreign }));
    }

    [Fact]
    public async Task Nothing_but_bad_ids_is_no_success_and_leaves_no_trace()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();

        var answer = await client.AssignAsync(Path(user), new { contact_ids = new[] { Guid.NewGuid() } });

        AssertCounts(answer, 0, 1);
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Equal(0, await TracesAsync(user));
    }

    [Fact]
    public async Task The_same_request_ten_times_at_once_leaves_what_one_leaves()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var previous = await app.CreateUserAsync("member", user.OrganizationId);
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 100);
        await client.AssignAsync(Path(previous), new { contact_ids = contacts[..30] });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => client.AssignAsync(Path(user), new { contact_ids = contacts, transfer = true })));

        Assert.All(answers, answer => AssertCounts(answer, 100, 0));
        Assert.Equal([0, 100], (IEnumerable<int>)await app.CountContactsAsync([previous, user]));
        var counts = await app.QueryJsonAsync("""
            select status, count(*) from app.user_contact_assignment where organization_id = @OrganizationId group by status order by status
            """, new { user.OrganizationId });
        counts.AssertIncludes(new[] { new { Status = "active", Count = 100 }, new { Status = "transferred", Count = 30 } });
        Assert.Equal(100, await app.QuerySingleAsync<int>("select sum(count) from app.notification where user_id = @Id", new { user.Id }));
        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*) from app.audit_log where entity_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Sent_again_later_it_changes_nothing()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 2);
        await client.AssignAsync(Path(user), new { contact_ids = contacts, next_followup_at = "2026-02-01" });
        var before = await StateAsync(user);

        app.Time.Advance(TimeSpan.FromMinutes(5));
        AssertCounts(await client.AssignAsync(Path(user), new { contact_ids = contacts }), 2, 0);

        Assert.Equal(before, await StateAsync(user));
        Assert.Equal(2, await TracesAsync(user));
    }

    [Fact]
    public async Task A_contact_of_somebody_else_fails_unless_it_is_to_be_transferred()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var previous = await app.CreateUserAsync("member", user.OrganizationId);
        var contact = Assert.Single(await app.CreateContactsAsync(user.OrganizationId!.Value, 1));
        await client.AssignAsync(Path(previous), new { contact_ids = new[] { contact } });

        var refused = await client.AssignAsync(Path(user), new { contact_ids = new[] { contact } });
        AssertCounts(refused, 0, 1);
        Assert.Equal("contact_has_owner", refused.GetProperty("failed_items")[0].GetProperty("code").GetString());
        Assert.Contains(previous.Id.ToString(), refused.GetProperty("failed_items")[0].GetProperty("error").GetString());
        Assert.Equal(previous.Id, await app.OwnerOfAsync(contact));

        AssertCounts(await client.AssignAsync(Path(user), new { contact_ids = new[] { contact }, transfer = true }), 1, 0);
        Assert.Equal(user.Id, await app.OwnerOfAsync(contact));
        Assert.Equal(
            "transferred",
            await app.QuerySingleAsync<string>("select status from app.user_contact_assignment where user_id = @Id", new { previous.Id }));
    }

    [Fact]
    public async Task An_ended_assignment_is_used_again_and_keeps_its_interactions()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var contact = Assert.Single(await app.CreateContactsAsync(user.OrganizationId!.Value, 1));
        await client.AssignAsync(Path(user), new { contact_ids = new[] { contact } });
        await app.ExecuteAsync(
            "update app.user_contact_assignment set status = 'inactive', interactions_count = 7 where contact_id = @contact",
            new { contact });

        app.Time.Advance(TimeSpan.FromMinutes(5));
        await client.AssignAsync(Path(user), new { contact_ids = new[] { contact }, assignment_type = "territory" });

        var assignment = await app.QuerySingleJsonAsync("""
            select status, assignment_type, interactions_count, assigned_at from app.user_contact_assignment where contact_id = @contact
            """, new { contact });
        assignment.AssertIncludes(
            new { Status = "active", AssignmentType = "territory", InteractionsCount = 7, AssignedAt = app.StoredNow() });
        Assert.Equal(2, await app.QuerySingleAsync<int>("select sum(count) from app.notification where user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task The_owner_gets_what_others_leave_of_the_contact()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var others = await app.CreateMembersAsync(user.OrganizationId!.Value, 2);
        var contact = Assert.Single(await app.CreateContactsAsync(user.OrganizationId!.Value, 1));
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id, is_primary_owner, ownership_percentage)
            values (@OrganizationId, @first, @contact, true, 60), (@OrganizationId, @second, @contact, false, 40)
            """, new { user.OrganizationId, first = others[0].Id, second = others[1].Id, contact });

        AssertCounts(await client.AssignAsync(Path(user), new { contact_ids = new[] { contact }, transfer = true }), 1, 0);

        Assert.Equal(60, await app.QuerySingleAsync<int>(
            "select ownership_percentage from app.user_contact_assignment where user_id = @Id", new { user.Id }));
        Assert.Equal(
            "active",
            await app.QuerySingleAsync<string>("select status from app.user_contact_assignment where user_id = @Id", new { others[1].Id }));
    }

    [Fact]
    public async Task Follow_up_is_cleared_by_null_and_kept_when_it_is_not_sent()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 1);
        await client.AssignAsync(Path(user), new { contact_ids = contacts, next_followup_at = "2026-02-01" });

        await client.AssignAsync(Path(user), new { contact_ids = contacts });
        Assert.NotNull(await FollowupAsync());
        await client.AssignAsync(Path(user), new { contact_ids = contacts, next_followup_at = (string?)null });
        Assert.Null(await FollowupAsync());

        Task<DateTime?> FollowupAsync() => app.QuerySingleAsync<DateTime?>(
            "select next_followup_at from app.user_contact_assignment where user_id = @Id", new { user.Id });
    }

    [Fact]
    public async Task Assigned_by_hand_a_contact_waits_no_longer()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 2);
        await app.ExecuteAsync("""
            insert into app.assignment_queue (organization_id, contact_id, source, queued_at) select organization_id, id, 'request', now() from app.contact where id = any (@contacts)
            """, new { contacts });

        await client.AssignAsync(Path(user), new { contact_ids = contacts[..1] });

        Assert.Equal(contacts[1], await app.QuerySingleAsync<Guid>(
            "select contact_id from app.assignment_queue where organization_id = @OrganizationId", new { user.OrganizationId }));
    }

    [Fact]
    public async Task Nobody_is_told_of_what_they_gave_themselves()
    {
        var (owner, _, client) = await app.CreateOwnerAndMemberAsync();

        await client.AssignAsync(Path(owner), new { contact_ids = await app.CreateContactsAsync(owner.OrganizationId!.Value, 2) });

        Assert.Equal(0, await app.QuerySingleAsync<int>(
            "select count(*) from app.notification where organization_id = @OrganizationId", new { owner.OrganizationId }));
    }

    [Fact]
    public async Task A_disabled_user_gets_nothing()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync(status: "disabled");

        using var response = await client.PostAsync(
            Path(user), new { contact_ids = await app.CreateContactsAsync(user.OrganizationId!.Value, 1) });

        await response.ProblemAsync(HttpStatusCode.Conflict, "assignee_disabled");
        Assert.Equal(0, await TracesAsync(user));
    }

    [Fact]
    public async Task What_older_clients_say_of_themselves_must_be_so()
    {
        var (owner, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 1);

        AssertCounts(
            await client.AssignAsync(
                Path(user),
                new { contact_ids = contacts, assigned_by = owner.Id, created_by = owner.Id, organization_id = owner.OrganizationId }),
            1, 0);
        using var response = await client.PostAsync(
            Path(user), new { contact_ids = contacts, assigned_by = user.Id, created_by = user.Id, organization_id = Guid.NewGuid() });

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(
            ["assigned_by", "created_by", "organization_id"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_platform_platformchooses_the_organization_and_in_whose_name()
    {
        var (owner, user, _) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 1);
        var platform = await app.CreateUserAsync("sb_operator");
        using var client = app.As(platform);

        using (var elsewhere = await client.PostAsync(Path(user), new { contact_ids = contacts, organization_id = await app.CreateOrganizationAsync() }))
        {
            await elsewhere.ProblemAsync(HttpStatusCode.NotFound, "not_found");
        }
        using (var stranger = await client.PostAsync(Path(user), new { contact_ids = contacts, assigned_by = (await app.CreateUserAsync("owner")).Id }))
        {
            await stranger.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        }
        AssertCounts(
            await client.AssignAsync(
                Path(user), new { contact_ids = contacts, organization_id = user.OrganizationId, assigned_by = owner.Id }),
            1,
            0);

        Assert.Equal(
            owner.Id,
            await app.QuerySingleAsync<Guid>("select assigned_by from app.user_contact_assignment where user_id = @Id", new { user.Id }));
        Assert.Equal(
            platform.Id, await app.QuerySingleAsync<Guid>("select actor_id from app.audit_log where entity_id = @Id", new { user.Id }));
    }

    [Theory]
    [InlineData("{}", "contact_ids")]
    [InlineData("""{"contact_ids": []}""", "contact_ids")]
    [InlineData("""{"contact_ids": ["x"]}""", "contact_ids[0]")]
    [InlineData("""{"contact_ids": [null]}""", "contact_ids[0]")]
    [InlineData("""{"contact_ids": ["019c1300-0000-7000-8000-000000000001"], "assignment_type": "by_magic", "force": true}""", "assignment_type,force")]
    [InlineData("""{"contact_ids": ["019c1300-0000-7000-8000-000000000001"], "next_followup_at": "soon", "transfer": "yes"}""", "next_followup_at,transfer")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();

        using var response = await client.PostTextAsync(Path(user), body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(members, problem.Members());
    }

    [Fact]
    public async Task A_thousand_ids_are_taken_and_one_more_is_too_many()
    {
        var (_, user, client) = await app.CreateOwnerAndMemberAsync();
        var contacts = await app.CreateContactsAsync(user.OrganizationId!.Value, 1000);

        AssertCounts(await client.AssignAsync(Path(user), new { contact_ids = contacts }), 1000, 0);
        using var response = await client.PostAsync(Path(user), new { contact_ids = contacts.Append(Guid.NewGuid()) });

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(1000, Assert.Single(await app.CountContactsAsync([user])));
    }

    private static string Path(TestUser user) => $"/api/admin/users/{user.Id}/assign-contacts";

    private static void AssertCounts(JsonElement answer, int assigned, int failed)
    {
        answer.AssertIncludes(new { SuccessCount = assigned, FailedCount = failed });
        Assert.Equal(failed, answer.GetProperty("failed_items").GetArrayLength());
    }

    private static string WithoutId(JsonElement item) =>
        item.GetRawText().Replace(item.GetProperty("id").GetRawText(), "", StringComparison.Ordinal);

    private Task<string> StateAsync(TestUser user) =>
        app.QuerySingleAsync<string>(
            "select string_agg(a::text, e'\n' order by id) from app.user_contact_assignment a where user_id = @Id", new { user.Id });

    /// <summary>Notifications and audit entries.</summary>
    private Task<int> TracesAsync(TestUser user) => app.QuerySingleAsync<int>(
        "select (select count(*) from app.notification where user_id = @Id) + (select count(*) from app.audit_log where entity_id = @Id)",
        new { user.Id });
}
