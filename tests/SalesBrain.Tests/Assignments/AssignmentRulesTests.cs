using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>GetAssignmentRules and ReplaceAssignmentRules.</summary>
public sealed class AssignmentRulesTests(TestApp app)
{
    [Fact]
    public async Task Without_rules_the_defaults_are_returned()
    {
        var (_, client) = await app.CreateOwnerAsync();

        var data = await GetAsync(client);

        data.AssertIncludes(new { AssignNewContacts = false, Rules = Array.Empty<object>(), Version = 0, Waiting = 0 });
    }

    [Fact]
    public async Task Replaced_rules_are_returned_and_audited()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("agency_staff", owner.OrganizationId);
        var campaign = await app.CreateCampaignAsync(owner.OrganizationId!.Value);

        using var response = await client.PutAsync(AssignmentWorld.Rules, new
        {
            assign_new_contacts = true,
            rules = new object[]
            {
                new
                {
                    name = " Germany ",
                    strategy = "territory",
                    conditions = new { countries = new[] { "DE", " de ", "Germany" }, campaign_ids = new[] { campaign } },
                    members = new object[]
                    {
                        new
                        {
                            user_id = user.Id,
                            weight = 3,
                            max_open_contacts = 50,
                            max_per_day = 10,
                            working_hours = new
                            {
                                time_zone = "America/Argentina/Buenos_Aires",
                                weekdays = new[] { "friday", "monday" },
                                from = "22:30",
                                to = "06:00",
                            },
                        },
                    },
                },
                new { name = "Rest", strategy = "lead_score" },
            },
        });

        var data = await response.DataAsync();
        Assert.Equal(data.GetRawText(), (await GetAsync(client)).GetRawText());
        data.AssertIncludes(new
        {
            AssignNewContacts = true,
            Version = 1,
            UpdatedBy = owner.Id,
            Rules = new object[]
            {
                new
                {
                    Name = "Germany",
                    Strategy = "territory",
                    Conditions = new { Countries = new[] { "DE", "Germany" }, CampaignIds = new[] { campaign } },
                    Members = new[]
                    {
                        new
                        {
                            UserId = user.Id,
                            Weight = 3,
                            MaxOpenContacts = 50,
                            MaxPerDay = 10,
                            WorkingHours = new
                            {
                                TimeZone = "America/Argentina/Buenos_Aires", Weekdays = new[] { "monday", "friday" }, From = "22:30",
                                To = "06:00",
                            },
                        },
                    },
                },
                new { Name = "Rest", Strategy = "lead_score", Members = (object?)null },
            },
        });
        var changes = JsonSerializer.Deserialize<JsonElement>(await app.QuerySingleAsync<string>(
            "select changes::text from app.audit_log where organization_id = @OrganizationId and action = 'assignment.rules_changed'",
            new { owner.OrganizationId }));
        changes.AssertIncludes(
            """{"before": {"rules": []}, "after": {"rules": [{"strategy": "territory"}, {"strategy": "lead_score"}]}}""");
    }

    [Fact]
    public async Task Omitted_fields_stay_and_an_unchanged_request_leaves_no_trace()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var set = await client.SetRulesAsync(new { name = "All", strategy = "round_robin" });
        await client.AssignNewContactsAsync(true);

        var data = await client.SetRulesAsync(set.GetProperty("rules")[0]);

        Assert.True(data.GetProperty("assign_new_contacts").GetBoolean());
        Assert.Equal(2, data.GetProperty("version").GetInt32());
        Assert.Equal(set.GetProperty("rules").GetRawText(), (await GetAsync(client)).GetProperty("rules").GetRawText());
        Assert.Equal(2, await app.QuerySingleAsync<int>(
            "select count(*) from app.audit_log where organization_id = @OrganizationId", new { owner.OrganizationId }));
    }

    [Fact]
    public async Task Rules_change_places_and_keep_what_their_members_had()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 2);
        JsonElement[] rules = [.. (await client.SetRulesAsync(
            new { name = "One", strategy = "territory", conditions = new { countries = new[] { "DE" } } },
            new { name = "Two", strategy = "territory", conditions = new { cities = new[] { "Berlin" } } },
            AssignmentWorld.CatchAll(AssignmentWorld.Weighted(users, 1, 1)))).GetProperty("rules").EnumerateArray()];
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 3));

        var data = await client.SetRulesAsync(rules[1], rules[0], rules[2]);

        Assert.Equal(
            ["Two", "One", "Everybody else"],
            data.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()!));
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 1));
        Assert.Equal([2, 2], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    [Fact]
    public async Task Empty_rules_restore_the_default()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("member", owner.OrganizationId);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(AssignmentWorld.Weighted([user], 1)));

        Assert.Equal(0, (await client.SetRulesAsync()).GetProperty("rules").GetArrayLength());
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId!.Value, 2));

        Assert.Equal([1, 1], (IEnumerable<int>)await app.CountContactsAsync([owner, user]));
    }

    [Fact]
    public async Task All_errors_are_returned_at_once_and_nothing_changes()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var stranger = await app.CreateUserAsync("member");
        var reader = await app.CreateUserAsync("read_only", owner.OrganizationId);
        await client.SetRulesAsync(new { name = "All", strategy = "round_robin" });
        var before = (await GetAsync(client)).GetRawText();

        using var response = await client.PutAsync(AssignmentWorld.Rules, new
        {
            organization_id = Guid.NewGuid(),
            rules = new object[]
            {
                new { id = Guid.NewGuid(), name = " ", strategy = "round_robin", members = Array.Empty<object>() },
                new
                {
                    name = "Second",
                    strategy = "territory",
                    conditions = new { countries = new[] { "" }, campaign_ids = new[] { Guid.NewGuid() } },
                    members = new object[]
                    {
                        new { user_id = stranger.Id, weight = 0, max_open_contacts = 0, max_per_day = -1 },
                        new
                        {
                            user_id = reader.Id,
                            working_hours = new
                            {
                                time_zone = "Europe/Nowhere3",
                                weekdays = new[] { "monday", "monday" },
                                from = "24:00",
                                to = "25:00",
                            },
                        },
                        new { user_id = reader.Id, working_hours = new { time_zone = "UTC", from = "09:00", to = "09:00" } },
                    },
                },
                new { name = "Last", strategy = "territory", conditions = new { tags = new[] { "x" } } },
            },
        });

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(
            [
                "organization_id", "rules[0].conditions", "rules[0].id", "rules[0].members", "rules[0].name",
                "rules[1].conditions.campaign_ids[0]", "rules[1].conditions.countries[0]", "rules[1].members[0].max_open_contacts",
                "rules[1].members[0].max_per_day", "rules[1].members[0].user_id", "rules[1].members[0].weight",
                "rules[1].members[1].user_id", "rules[1].members[1].working_hours.from", "rules[1].members[1].working_hours.time_zone",
                "rules[1].members[1].working_hours.to", "rules[1].members[1].working_hours.weekdays", "rules[1].members[2].user_id",
                "rules[1].members[2].working_hours.to", "rules[2].conditions",
            ],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal(before, (await GetAsync(client)).GetRawText());
    }

    [Theory]
    [InlineData("""{"rules": null}""", "rules")]
    [InlineData("""{"assign_new_contacts": null}""", "assign_new_contacts")]
    [InlineData("""{"rules": [{"name": "x", "strategy": "random", "owner": 1}]}""", "rules[0].owner,rules[0].strategy")]
    [InlineData("""{"rules": [{}]}""", "rules[0].name,rules[0].strategy")]
    [InlineData("""{"rules": [{"name": "x", "strategy": "round_robin", "members": [{"weight": "1"}]}]}""", "rules[0].members[0].user_id,rules[0].members[0].weight")]
    [InlineData("""{"rules": [{"name": "x", "strategy": "territory"}]}""", "rules[0].strategy")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        var (_, client) = await app.CreateOwnerAsync();

        using var response = await client.PutAsync(
            AssignmentWorld.Rules, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(members, problem.Members());
    }

    [Fact]
    public async Task Rule_of_another_organization_is_refused()
    {
        var (_, client) = await app.CreateOwnerAsync();
        var (_, other) = await app.CreateOwnerAsync();
        var theirs = (await other.SetRulesAsync(new { name = "Theirs", strategy = "round_robin" })).GetProperty("rules")[0];

        using var response = await client.PutAsync(AssignmentWorld.Rules, new { rules = new[] { theirs } });

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal("rules[0].id", problem.Members());
    }

    [Fact]
    public async Task Platform_operator_names_the_organization()
    {
        var (owner, own) = await app.CreateOwnerAsync();
        using var client = app.As(await app.CreateUserAsync("sb_operator"));

        using var unnamed = await client.GetAsync(AssignmentWorld.Rules);
        await unnamed.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        using var unnamedPut = await client.PutAsync(AssignmentWorld.Rules, new { assign_new_contacts = true });
        await unnamedPut.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        using var nowhere = await client.PutAsync(
            AssignmentWorld.Rules, new { assign_new_contacts = true, organization_id = Guid.NewGuid() });
        await nowhere.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        using var put = await client.PutAsync(
            AssignmentWorld.Rules, new { assign_new_contacts = true, organization_id = owner.OrganizationId });
        await put.DataAsync();

        Assert.True((await GetAsync(own)).GetProperty("assign_new_contacts").GetBoolean());
    }

    [Fact]
    public async Task A_change_based_on_an_old_version_is_refused()
    {
        var (_, client) = await app.CreateOwnerAsync();
        using var first = await client.GetAsync(AssignmentWorld.Rules);
        var old = first.Headers.ETag!;
        await client.AssignNewContactsAsync(true);

        using var refused = await PutAsync(old.Tag, """{"rules": [{"name": "All", "strategy": "round_robin"}]}""");
        await refused.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
        Assert.Equal(0, (await GetAsync(client)).GetProperty("rules").GetArrayLength());

        using var now = await client.GetAsync(AssignmentWorld.Rules);
        using var taken = await PutAsync(now.Headers.ETag!.Tag, """{"rules": [{"name": "All", "strategy": "round_robin"}]}""");
        Assert.Equal(1, (await taken.DataAsync()).GetProperty("rules").GetArrayLength());
        using var again = new HttpRequestMessage(HttpMethod.Get, AssignmentWorld.Rules)
        {
            Headers = { { "If-None-Match", taken.Headers.ETag!.Tag } },
        };
        using var unchanged = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        async Task<HttpResponseMessage> PutAsync(string tag, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, AssignmentWorld.Rules)
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            return await client.SendAsync(request);
        }
    }

    [Fact]
    public async Task Changes_at_once_leave_one_of_them_whole()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 4);
        var contacts = await app.CreateContactsAsync(owner.OrganizationId.Value, 200);

        await Task.WhenAll(
            client.AutoAssignInParallelAsync(contacts, callers: 4, batch: 10),
            Task.WhenAll(Enumerable.Range(0, 8).Select(i => client.SetRulesAsync(
                new
                {
                    name = $"Rule {i}",
                    strategy = "territory",
                    conditions = new { countries = new[] { $"C{i}" } },
                    members = AssignmentWorld.Weighted([users[i % 4]], 1),
                },
                new { name = $"Rest {i}", strategy = "round_robin", members = AssignmentWorld.Weighted(users, 1, 1, 1, 1) }))));

        var data = await GetAsync(client);
        Assert.Equal(8, data.GetProperty("version").GetInt32());
        var names = data.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("name").GetString()!).ToList();
        Assert.Equal(names[0].Replace("Rule", "Rest"), names[1]);
        Assert.Equal(200, await app.QuerySingleAsync<int>(
            "select count(*) from app.user_contact_assignment where organization_id = @OrganizationId", new { owner.OrganizationId }));
    }

    private static async Task<JsonElement> GetAsync(HttpClient client)
    {
        using var response = await client.GetAsync(AssignmentWorld.Rules);
        return await response.DataAsync();
    }
}
