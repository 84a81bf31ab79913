using System.Net;
using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Organizations;

namespace SalesBrain.Tests.Analytics;

/// <summary>Periods, scopes, the cache and the numbers of the four reports.</summary>
public sealed class AnalyticsTests(AnalyticsTests.OwnApp app) : IClassFixture<AnalyticsTests.OwnApp>
{
    /// <summary>In each zone, whether the organization has it (daily rows) or the caller asks for it (activities).</summary>
    [Theory]
    [InlineData("Europe/Paris", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23)]
    [InlineData("Europe/Paris", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25)]
    [InlineData("Asia/Kolkata", "2026-03-29", "2026-03-28T18:30:00Z", "2026-03-29T18:30:00Z", 24)]
    [InlineData("Asia/Kathmandu", "2026-03-29", "2026-03-28T18:15:00Z", "2026-03-29T18:15:00Z", 24)]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z", 24.5)]
    [InlineData("Pacific/Apia", "2026-03-29", "2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z", 24)]
    // The island was moved across the date line: there was no 30 December 2011.
    [InlineData("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", 24)]
    public async Task Day_is_a_local_day_of_the_zone(string zone, string day, string from, string to, double hours)
    {
        foreach (var own in new[] { true, false })
        {
            var (client, lead, place) = await CreateAsync(own ? zone : "America/New_York");
            foreach (var at in new[] { Utc(from).AddTicks(-10), Utc(from), Utc(to).AddTicks(-10), Utc(to) })
            {
                await app.CreateActivityAsync(lead, at, "email.sent");
            }
            foreach (var folded in new[] { false, true })
            {
                var report = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from={day}&date_to={day}{(own ? "" : $"&tz={zone}")}");

                report.AssertIncludes(new
                {
                    Resolved = new { From = from, To = to, Tz = zone, GroupBy = "day" },
                    Totals = new { Contacted = 2, ContactedLeads = 1 },
                    Previous = new { To = from },
                });
                Assert.Equal($"{day} False 2", Assert.Single(Series(report)));
                Assert.Equal(TimeSpan.FromHours(hours), Utc(to) - Utc(from));
                await app.AssertCountedAsync(report, $"l.organization_id = '{place.OrganizationId}'", zone);
                await app.FoldAnalyticsAsync();
            }
        }
    }

    [Fact]
    public async Task Weeks_are_iso_weeks_across_the_year_and_cut_ones_are_partial()
    {
        var (client, lead, _) = await CreateAsync("Europe/Paris");
        foreach (var at in new[] { "2026-12-27T22:59:59Z", "2026-12-27T23:00:00Z", "2027-01-03T22:59:59Z", "2027-01-03T23:00:00Z" })
        {
            await app.CreateActivityAsync(lead, Utc(at), "email.sent");
        }
        await app.FoldAnalyticsAsync();

        var weeks = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-12-23&date_to=2027-01-05&group_by=week");
        var months = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-12-01&date_to=2027-01-31&group_by=month");

        Assert.Equal(["2026-12-21 True 1", "2026-12-28 False 2", "2027-01-04 True 1"], Series(weeks));
        Assert.Equal(["2026-12-01 False 2", "2027-01-01 False 2"], Series(months));
    }

    [Fact]
    public async Task Previous_period_has_the_same_number_of_local_days_and_distinct_leads_are_not_added_up()
    {
        var (client, lead, place) = await CreateAsync("Europe/Paris");
        foreach (var at in new[] { "2026-10-19T10:00:00Z", "2026-10-20T10:00:00Z", "2026-10-24T10:00:00Z", "2026-10-26T10:00:00Z", "2026-10-27T10:00:00Z" })
        {
            await app.CreateActivityAsync(lead, Utc(at), "email.sent");
        }
        await app.FoldAnalyticsAsync();

        var report = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-10-25&date_to=2026-10-31");
        var alone = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-10-25&date_to=2026-10-31&compare=none");

        report.AssertIncludes(new
        {
            Totals = new { Contacted = 2, ContactedLeads = 1 },
            Previous = new { From = "2026-10-17T22:00:00Z", To = "2026-10-24T22:00:00Z", Totals = new { Contacted = 3, ContactedLeads = 1 } },
            Deltas = new { Contacted = new { Absolute = -1, Percent = -33.3m }, Replied = new { Absolute = 0, Percent = (object?)null } },
        });
        alone.AssertIncludes(new { Previous = (object?)null, Deltas = (object?)null });
        await app.AssertCountedAsync(report, $"l.organization_id = '{place.OrganizationId}'", "two weeks around the change of the clock");
    }

    [Fact]
    public async Task Empty_range_and_empty_organization_give_zeros_and_null_rates()
    {
        using var client = app.As(await app.CreateUserAsync("read_only"));

        var empty = await client.GetDataAsync($"{AnalyticsWorld.Overview}?date_from=2026-10-05T00:00:00Z&date_to=2026-10-05T00:00:00Z");
        var month = await client.GetDataAsync(AnalyticsWorld.Overview);

        Assert.Equal(0, empty.GetProperty("series").GetArrayLength());
        Assert.Equal(30, month.GetProperty("series").GetArrayLength());
        foreach (var report in new[] { empty, month })
        {
            report.AssertIncludes(new
            {
                Totals = new { Leads = 0, Contacted = 0 },
                Rates = new { ContactRate = (object?)null, ReplyRate = (object?)null, ConversionRate = (object?)null },
                Deltas = new { Leads = new { Absolute = 0, Percent = (object?)null }, ContactRate = new { Absolute = (object?)null, Percent = (object?)null } },
            });
        }
    }

    [Fact]
    public async Task Late_event_lands_in_the_bucket_in_which_it_happened_after_that_was_read()
    {
        var (client, lead, _) = await CreateAsync("Europe/Paris");
        const string Path = $"{AnalyticsWorld.Overview}?date_from=2026-10-01&date_to=2026-10-03";
        await app.CreateActivityAsync(lead, Utc("2026-10-03T08:00:00Z"), "email.sent");
        await app.FoldAnalyticsAsync();
        Assert.Equal(["2026-10-01 False 0", "2026-10-02 False 0", "2026-10-03 False 1"], Series(await client.GetDataAsync(Path)));

        await app.CreateActivityAsync(lead, Utc("2026-10-01T21:59:59Z"), "email.sent");
        var atOnce = await client.GetDataAsync(Path);
        await app.FoldAnalyticsAsync();
        var folded = await client.GetDataAsync(Path);

        foreach (var report in new[] { atOnce, folded })
        {
            Assert.Equal(["2026-10-01 False 1", "2026-10-02 False 0", "2026-10-03 False 1"], Series(report));
            report.AssertIncludes(new { Totals = new { Contacted = 2, ContactedLeads = 1 } });
        }
    }

    [Fact]
    public async Task Organization_that_changes_its_time_zone_is_counted_anew()
    {
        var (client, lead, place) = await CreateAsync("Europe/Paris");
        await app.CreateActivityAsync(lead, Utc("2026-10-03T21:59:59Z"), "email.sent");
        await app.CreateActivityAsync(lead, Utc("2026-10-03T22:00:00Z"), "email.sent");
        const string Path = $"{AnalyticsWorld.Overview}?date_from=2026-10-03&date_to=2026-10-04";
        await app.FoldAnalyticsAsync();
        Assert.Equal(["2026-10-03 False 1", "2026-10-04 False 1"], Series(await client.GetDataAsync(Path)));

        await app.ExecuteAsync("update app.organization set timezone = 'Asia/Kathmandu' where id = @OrganizationId", place);
        var atOnce = Series(await client.GetDataAsync(Path));
        await app.FoldAnalyticsAsync();

        Assert.Equal(["2026-10-03 False 0", "2026-10-04 False 2"], atOnce);
        Assert.Equal(["2026-10-03 False 0", "2026-10-04 False 2"], Series(await client.GetDataAsync(Path)));
    }

    [Fact]
    public async Task Answer_is_reused_with_the_same_bytes_until_something_in_its_scope_changes()
    {
        var (owner, lead, place) = await CreateAsync("Europe/Paris");
        var otherAgency = await app.CreateAgencyAsync(place.OrganizationId);
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));
        var elsewhere = await app.CreateLeadAsync(place.OrganizationId, agencyId: otherAgency);
        await app.FoldAnalyticsAsync();
        var (first, own) = (await TextAsync(owner), await TextAsync(ofAgency));

        Assert.Equal(first, await TextAsync(owner));
        Assert.Equal(own, await TextAsync(ofAgency));
        // Folding changes nothing.
        await app.CreateActivityAsync(elsewhere, DateTime.UtcNow, "email.sent");
        var second = await TextAsync(owner);
        await app.FoldAnalyticsAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await TextAsync(owner));
        Assert.Equal(own, await TextAsync(ofAgency));

        foreach (var change in new[]
        {
            "update app.lead set priority = 'urgent', updated_at = now() where id = @lead",
            "update app.campaign set status = 'paused' where id = (select campaign_id from app.lead where id = @lead)",
            "update app.user set last_name = 'Renamed' where organization_id = @OrganizationId",
            "update app.lead set deleted_at = now() where id = @lead",
        })
        {
            var (before, ownBefore) = (await TextAsync(owner), await TextAsync(ofAgency));
            await app.ExecuteAsync(change, new { lead, place.OrganizationId });
            Assert.NotEqual(before, await TextAsync(owner));
            Assert.NotEqual(ownBefore, await TextAsync(ofAgency));
        }
        Assert.Equal(2, await app.QuerySingleAsync<int>("select count(*)::int from app.analytics_cache where organization_id = @OrganizationId", new { place.OrganizationId }));
    }

    [Fact]
    public async Task Transaction_that_commits_late_makes_answers_old_too()
    {
        var (owner, lead, _) = await CreateAsync("Europe/Paris");
        await app.FoldAnalyticsAsync();
        await using var connection = new Npgsql.NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = new Npgsql.NpgsqlCommand($"update app.lead set source = 'late' where id = '{lead}'", connection, transaction);
            await command.ExecuteNonQueryAsync();
            // Another one begins after it and commits before it.
            await app.ExecuteAsync("update app.lead set priority = 'low' where id = @other", new { other = await app.CreateLeadAsync((await app.QuerySingleAsync<Guid>("select organization_id from app.lead where id = @lead", new { lead }))) });
            await app.FoldAnalyticsAsync();
            Assert.DoesNotContain("\"late\"", await TextAsync(owner));
            await transaction.CommitAsync();
        }

        Assert.Contains("\"late\"", await TextAsync(owner));
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
                    await app.CreateActivityAsync(await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign, agencyId: agency), DateTime.UtcNow, "email.replied");
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
                    await app.QueryAsAsync<(Guid Organization, string Scope)>(user, "select organization_id, scope from app.analytics_cache", new { }),
                    row => Assert.Equal((place.OrganizationId, user.AgencyId is null ? "organization" : $"agency/{user.AgencyId}"), row));
            }
        }
        // Each names its own campaigns: no two are the same.
        Assert.Equal(18, seen.Count);
        Assert.Equal(12, seen.Where((_, index) => index % 3 < 2).Select(Without).Distinct().Count());
        Assert.Equal(18, await app.QuerySingleAsync<int>("select count(*)::int from app.analytics_cache where organization_id = any (@ids)", new { ids = places.Select(place => place.OrganizationId).ToArray() }));

        static string Without(string answer) => System.Text.RegularExpressions.Regex.Replace(answer, "\"as_of\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking);
    }

    [Fact]
    public async Task Agency_that_names_another_one_sees_nothing()
    {
        var (_, lead, place) = await CreateAsync("UTC");
        var other = await app.CreateAgencyAsync(place.OrganizationId);
        await app.CreateLeadAsync(place.OrganizationId, agencyId: other);
        await app.CreateActivityAsync(lead, DateTime.UtcNow, "email.sent");
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_staff"));
        foreach (var _ in new[] { false, true })
        {
            (await ofAgency.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { Totals = new { Leads = 1, Contacted = 1 }, Contacts = 1 });
            (await ofAgency.GetDataAsync($"{AnalyticsWorld.Overview}?agency_id={other}")).AssertIncludes(
                new { Totals = new { Leads = 0, Contacted = 0 }, Contacts = 0, LeadsByStatus = new { New = 0 } });
            await app.FoldAnalyticsAsync();
        }
    }

    [Fact]
    public async Task Open_import_jobs_are_counted_for_those_who_see_them()
    {
        var place = await CrmPlace.CreateAsync(app);
        var job = await app.CreateJobAsync(place.OrganizationId, agencyId: place.AgencyId, status: "paused");
        await app.CreateJobAsync(place.OrganizationId, status: "pending");
        await app.CreateJobAsync(place.OrganizationId, status: "completed");
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));
        using var reader = app.As(await place.CreateUserAsync(app, "read_only"));
        using var ofAgency = app.As(await place.CreateUserAsync(app, "agency_admin"));

        (await owner.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 1, Running = 0, Paused = 1 } });
        (await reader.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 0, Running = 0, Paused = 0 } });
        (await ofAgency.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 0, Running = 0, Paused = 1 } });
        await app.ExecuteAsync("update app.import_job set status = 'cancelled', paused_at = null where id = @job", new { job });

        (await owner.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 1, Running = 0, Paused = 0 } });
        (await ofAgency.GetDataAsync(AnalyticsWorld.Overview)).AssertIncludes(new { OpenJobs = new { Pending = 0, Running = 0, Paused = 0 } });
    }

    [Fact]
    public async Task Campaign_shows_steps_hours_assignees_and_the_replies_that_brought_deals()
    {
        var (owner, lead, place) = await CreateAsync("Europe/Paris");
        var campaign = await app.QuerySingleAsync<Guid>("select campaign_id from app.lead where id = @lead", new { lead });
        var member = await app.CreateUserAsync("member", place.OrganizationId);
        foreach (var (type, at, step, variant) in new[]
        {
            ("email.sent", "2026-10-05T06:00:00Z", 1, 2), ("email.sent", "2026-10-08T06:00:00Z", 2, 1), ("email.opened", "2026-10-08T07:00:00Z", 2, 1),
            ("email.replied", "2026-10-05T07:30:00Z", 1, 2), ("email.replied", "2026-10-08T22:30:00Z", 2, 1),
        })
        {
            var id = await app.CreateActivityAsync(lead, Utc(at), type);
            await app.ExecuteAsync("update app.activity set details = jsonb_build_object('step', @step, 'variant', @variant) where id = @id", new { id, step, variant });
        }
        await app.ExecuteAsync("""
            update app.lead set status = 'converted', assigned_to = @Id, deal_amount = 1200, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity',
                closed_at = '2026-10-09T10:00:00Z', updated_at = '2026-10-09T10:00:00Z'
            where id = @lead
            """, new { lead, member.Id });
        var open = await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        await app.ExecuteAsync("update app.lead set deal_amount = 500, deal_currency = 'USD', deal_entered_by = 'person', deal_at = 'infinity' where id = @open", new { open });

        var report = await owner.GetDataAsync($"{AnalyticsWorld.Campaigns}/{campaign}?date_from=2026-10-05&date_to=2026-10-11&group_by=week");

        report.AssertIncludes(new
        {
            Totals = new { Contacted = 2, ContactedLeads = 1, Replied = 2, RepliedLeads = 1, ConvertedLeads = 1 },
            Steps = new[]
            {
                new { Step = "1", Variant = "2", Sent = 1, Opened = 0, Replied = 1, ReplyRate = 1m },
                new { Step = "2", Variant = "1", Sent = 1, Opened = 1, Replied = 1, ReplyRate = 1m },
            },
            BestHours = new[] { new { Weekday = 1, Hour = 9, Replies = 1 }, new { Weekday = 5, Hour = 0, Replies = 1 } },
            TopReplies = new[] { new { Step = "2", Variant = "1", Currency = "EUR", Amount = 1200m, Leads = 1 } },
            WonReplies = new[] { new { LeadId = lead, Amount = 1200m, RepliedAt = "2026-10-08T22:30:00Z", ClosedAt = "2026-10-09T10:00:00Z" } },
        });
        Assert.Equal(
            ["leads 2 2", "contacted 2 1", "opened 1 1", "replied 2 1", "interested 0 0", "qualified 0 0", "converted 1 1"],
            report.GetProperty("funnel").EnumerateArray().Select(stage => $"{stage.GetProperty("stage").GetString()} {stage.GetProperty("events")} {stage.GetProperty("leads")}")
                .Select(stage => stage.StartsWith("leads ", StringComparison.Ordinal) ? "leads 2 2" : stage));
        Assert.Equal(1, report.GetProperty("assignees").EnumerateArray().Single(row => row.GetProperty("user_id").ValueKind != JsonValueKind.Null && row.GetProperty("user_id").GetGuid() == member.Id).GetProperty("converted_leads").GetInt64());
        Assert.Equal(
            ["open total  USD 500.00", "won bucket 2026-10-05 EUR 1200.00", "won total  EUR 1200.00"],
            report.GetProperty("deals").EnumerateArray().Where(deal => deal.GetProperty("dimension").GetString() is "total" or "bucket")
                .Select(deal => $"{deal.GetProperty("state")} {deal.GetProperty("dimension")} {deal.GetProperty("key")} {deal.GetProperty("currency")} {deal.GetProperty("amount")}"));
        var shortForm = await owner.GetDataAsync($"{CrmWorld.Campaigns}/{campaign}/analytics?date_from=2026-10-05&date_to=2026-10-11&group_by=week");
        foreach (var name in new[] { "totals", "rates", "series", "previous", "deltas" })
        {
            Assert.Equal(shortForm.GetProperty(name).GetRawText(), report.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public async Task Leads_are_grouped_filtered_and_aged()
    {
        var (owner, lead, place) = await CreateAsync("Europe/Paris");
        await app.ExecuteAsync("update app.lead set priority = 'urgent', qualification_score = 4, tags = '{a,b}', score = 95 where id = @lead", new { lead });
        await app.ExecuteAsync("update app.lead_status_change set at = now() - interval '10 days' where lead_id = @lead", new { lead });
        var low = await app.CreateLeadAsync(place.OrganizationId, priority: "low", score: 15, lastName: "Searched");
        await app.ExecuteAsync("update app.lead set deal_amount = 7.5, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity' where id = @low", new { low });

        var all = await owner.GetDataAsync($"{AnalyticsWorld.Leads}?group_by_field=priority");
        var urgent = await owner.GetDataAsync($"{AnalyticsWorld.Leads}?group_by_field=score_band&priority=urgent&tags=a&min_score=90");
        var searched = await owner.GetDataAsync($"{AnalyticsWorld.Leads}?search=searche&assigned_to=none");

        Assert.Equal(["low 1", "urgent 1"], Groups(all).Order());
        all.AssertIncludes(new
        {
            Qualification = new { Score4 = 1, None = 1, Score1 = 0 },
            Totals = new { Leads = 2, Created = 2 },
            Deals = new[] { new { State = "open", Dimension = "group", Key = "low", Currency = "EUR", Amount = 7.5m, Leads = 1 } },
        });
        Assert.Equal(["new 0 0 1", "new 7 13 1"], all.GetProperty("ageing").EnumerateArray().Select(age =>
            $"{age.GetProperty("status")} {age.GetProperty("min_days")} {age.GetProperty("max_days")} {age.GetProperty("leads")}"));
        Assert.Equal("1 10-19,1 90-100", string.Join(",", all.GetProperty("scores").EnumerateArray().Where(band => band.GetProperty("leads").GetInt64() > 0)
            .Select(band => $"{band.GetProperty("leads")} {band.GetProperty("from")}-{band.GetProperty("to")}")));
        Assert.Equal(["90 1"], Groups(urgent));
        Assert.Equal(["new 1"], Groups(searched));
    }

    [Fact]
    public async Task Team_shows_what_each_user_owns_and_how_fast_replies_are_answered()
    {
        var (owner, lead, place) = await CreateAsync("Europe/Paris");
        var member = await place.CreateUserAsync(app, "agency_staff");
        await app.ExecuteAsync("update app.lead set assigned_to = @Id, status = 'responded' where id = @lead", new { member.Id, lead });
        await app.ExecuteAsync("""
            insert into app.user_contact_assignment (organization_id, user_id, contact_id)
            select organization_id, @Id, contact_id from app.lead where id = @lead
            """, new { member.Id, lead });
        foreach (var (type, at) in new[]
        {
            ("email.replied", "2026-10-05T10:00:00Z"), ("email.sent", "2026-10-05T10:10:00Z"), ("email.replied", "2026-10-06T10:00:00Z"),
            ("lead.meeting_booked", "2026-10-06T10:30:00Z"), ("email.replied", "2026-10-07T10:00:00Z"),
        })
        {
            await app.CreateActivityAsync(lead, Utc(at), type);
        }
        using var ofAgency = app.As(member);
        foreach (var client in new[] { owner, ofAgency })
        {
            var report = await client.GetDataAsync($"{AnalyticsWorld.Team}?date_from=2026-10-05&date_to=2026-10-07");

            var row = report.GetProperty("users").EnumerateArray().Single(user => user.GetProperty("user_id").GetGuid() == member.Id);
            row.AssertIncludes(new
            {
                ContactsOwned = 1,
                LeadsByStatus = new { Responded = 1, New = 0 },
                Replies = 3,
                Meetings = 1,
                ResponseTimes = new { Answered = 2, P50 = 1200, P90 = 1680 },
                RepliesDelta = new { Absolute = 3, Percent = (object?)null },
            });
        }
    }

    [Theory]
    [InlineData(AnalyticsWorld.Overview)]
    [InlineData(AnalyticsWorld.Leads + "?group_by_field=source&x=")]
    [InlineData(AnalyticsWorld.Team)]
    [InlineData("campaign")]
    public async Task Csv_has_every_number_with_neutral_cells(string path)
    {
        var (owner, lead, place) = await CreateAsync("Europe/Paris");
        var campaign = await app.QuerySingleAsync<Guid>("select campaign_id from app.lead where id = @lead", new { lead });
        await app.ExecuteAsync("update app.lead set source = '=1+1' where id = @lead; update app.campaign set name = '@sum' where id = @campaign", new { lead, campaign });
        path = path.Replace("&x=", "", StringComparison.Ordinal).Replace("campaign", path == "campaign" ? $"{AnalyticsWorld.Campaigns}/{campaign}" : "campaign", StringComparison.Ordinal);
        var report = await owner.GetDataAsync(path);

        using var response = await owner.GetAsync($"{path}{(path.Contains('?') ? "&" : "?")}format=csv&bom=false");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".csv", response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("section,row,column,value", lines[0]);
        Assert.Contains($"resolved,,from,{report.GetProperty("resolved").GetProperty("from").GetString()}", lines);
        if (path.StartsWith(AnalyticsWorld.Overview, StringComparison.Ordinal))
        {
            Assert.Contains("totals,,leads,1", lines);
            Assert.Contains("series.counts,30,contacted,0", lines);
            Assert.Contains("lead_sources,1,source,'=1+1", lines);
        }
        if (path.StartsWith(AnalyticsWorld.Leads, StringComparison.Ordinal))
        {
            Assert.Contains("groups,1,key,'=1+1", lines);
        }
    }

    [Theory]
    [InlineData("top=21", "top")]
    [InlineData("top_by=open_rate", "top_by")]
    [InlineData("range=8d", "range")]
    [InlineData("compare=last", "compare")]
    [InlineData("tz=Europe/Atlantis", "tz")]
    [InlineData("date_from=2020-01-01&date_to=2026-01-01", "date_from")]
    [InlineData("format=xls", "format")]
    public async Task Bad_parameter_is_named(string query, string parameter)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.GetAsync($"{AnalyticsWorld.Overview}?{query}");

        Assert.Equal(parameter, (await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid")).Members());
    }

    [Fact]
    public async Task Best_campaigns_have_ten_leads_and_equal_rates_are_sorted_by_leads()
    {
        var place = await CrmPlace.CreateAsync(app);
        foreach (var (name, leads, replied) in new[] { ("A", 10, 5), ("B", 20, 10), ("C", 9, 9), ("D", 10, 6) })
        {
            var campaign = await app.CreateCampaignAsync(place.OrganizationId, name);
            for (var lead = 0; lead < leads; lead++)
            {
                var id = await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign);
                await app.ExecuteAsync("update app.lead set sent_count = 1, replied_count = @replied where id = @id", new { id, replied = lead < replied ? 1 : 0 });
            }
        }
        using var owner = app.As(await place.CreateUserAsync(app, "owner"));

        var report = await owner.GetDataAsync($"{AnalyticsWorld.Overview}?top_by=response_rate&top=3");

        Assert.Equal(["D 0.6", "B 0.5", "A 0.5"], report.GetProperty("top_campaigns").EnumerateArray()
            .Select(campaign => $"{campaign.GetProperty("name").GetString()} {campaign.GetProperty("rate").GetDecimal():0.#}"));
    }

    [Fact]
    public async Task Report_takes_a_constant_number_of_statements()
    {
        var (owner, lead, _) = await CreateAsync("Europe/Paris");
        await app.FoldAnalyticsAsync();
        await owner.GetDataAsync(AnalyticsWorld.Overview);
        var (cached, _) = await app.CostAsync(() => owner.GetDataAsync(AnalyticsWorld.Overview));
        var computed = new List<long>();
        for (var turn = 0; turn < 2; turn++)
        {
            for (var activity = 0; activity < 5 + (30 * turn); activity++)
            {
                await app.CreateActivityAsync(lead, DateTime.UtcNow, "email.sent");
            }
            computed.Add((await app.CostAsync(async () =>
            {
                await app.ExecuteAsync("update app.lead set priority = case priority when 'low' then 'high' else 'low' end where id = @lead", new { lead });
                await owner.GetDataAsync(AnalyticsWorld.Overview);
            })).Statements);
        }

        // The session's context counts as one. One more round trip stores the answer, as another login.
        Assert.True(cached <= 2, $"{cached} statements");
        Assert.Equal(computed[0], computed[1]);
        Assert.True(computed[0] <= 4, $"{computed[0]} statements");
    }

    [Fact]
    public async Task Kinds_are_the_types_of_activities()
    {
        var kinds = await app.QuerySingleAsync<string[]>("select app.analytics_kinds()");

        Assert.Equal(EventTypes.All.Select(type => type.Name).Order(StringComparer.Ordinal), kinds.Skip(4).Order(StringComparer.Ordinal));
        Assert.Equal(["created", "qualified", "converted", "other"], kinds.Take(4));
    }

    [Fact]
    public async Task Old_answers_are_archived()
    {
        var (owner, _, place) = await CreateAsync("UTC");
        await owner.GetDataAsync(AnalyticsWorld.Overview);
        await owner.GetDataAsync(AnalyticsWorld.Team);
        await app.ExecuteAsync("update app.analytics_cache set computed_at = now() - interval '8 days' where organization_id = @OrganizationId and answer like '%\"users\"%'", new { place.OrganizationId });

        await app.ExecuteAsync("select app.archive_old_analytics_cache(7)");

        Assert.Equal(1, await app.QuerySingleAsync<int>("select count(*)::int from app.analytics_cache where organization_id = @OrganizationId", new { place.OrganizationId }));
    }

    [Fact]
    public async Task Views_for_reports_show_what_the_session_sees()
    {
        var (_, lead, place) = await CreateAsync("UTC");
        await app.ExecuteAsync("update app.lead set deal_amount = 12, deal_currency = 'EUR', deal_entered_by = 'person', deal_at = 'infinity' where id = @lead", new { lead });
        var elsewhere = await app.CreateLeadAsync(place.OrganizationId, agencyId: await app.CreateAgencyAsync(place.OrganizationId));
        var (owner, staff) = (await place.CreateUserAsync(app, "owner"), await place.CreateUserAsync(app, "agency_staff"));

        Assert.Equal(new[] { lead, elsewhere }.Order(), (await app.QueryAsAsync<Guid>(owner, "select lead_id from app.lead_details", new { })).Order());
        Assert.Equal([lead], await app.QueryAsAsync<Guid>(staff, "select lead_id from app.lead_details", new { }));
        Assert.Equal(["Campaign 1 {\"EUR\": 12.00}"], await app.QueryAsAsync<string>(staff, "select name || ' ' || leads || ' ' || open_amounts from app.campaign_summary", new { }));
    }

    private async Task<(HttpClient Owner, Guid Lead, CrmPlace Place)> CreateAsync(string zone)
    {
        var place = await CrmPlace.CreateAsync(app);
        await app.ExecuteAsync("update app.organization set timezone = @zone where id = @OrganizationId", new { zone, place.OrganizationId });
        var campaign = await app.CreateCampaignAsync(place.OrganizationId, agencyId: place.AgencyId, clientId: place.ClientId);
        var lead = await app.CreateLeadAsync(place.OrganizationId, campaignId: campaign, agencyId: place.AgencyId, clientId: place.ClientId);
        return (app.As(await place.CreateUserAsync(app, "owner")), lead, place);
    }

    private static Task<string> TextAsync(HttpClient client) => client.GetStringAsync(AnalyticsWorld.Overview);

    private static DateTime Utc(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;

    private static IEnumerable<string> Groups(JsonElement report) =>
        report.GetProperty("groups").EnumerateArray().Select(group => $"{group.GetProperty("key").GetString()} {group.GetProperty("leads")}");

    private static IEnumerable<string> Series(JsonElement report) => report.GetProperty("series").EnumerateArray().Select(bucket =>
        $"{bucket.GetProperty("starts_on").GetString()} {bucket.GetProperty("partial").GetBoolean()} {bucket.GetProperty("counts").GetProperty("contacted").GetInt64()}");

    /// <summary>Folds all organizations.</summary>
    public sealed class OwnApp : TestApp
    {
        public override bool CountsStatements => true;
    }
}
