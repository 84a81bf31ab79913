using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>When a member takes contacts, and how many: working hours and daily caps, by the app's clock.</summary>
public sealed class CapacityTests(CapacityTests.FixedApp app) : IClassFixture<CapacityTests.FixedApp>
{
    // 2026-01-15 is a Thursday.
    [Theory]
    [InlineData("2026-01-15T12:00:00Z", "UTC", "09:00", "17:00", "thursday", true)]
    [InlineData("2026-01-15T12:00:00Z", "UTC", "09:00", "17:00", "friday", false)]
    [InlineData("2026-01-15T09:00:00Z", "UTC", "09:00", "17:00", "thursday", true)]
    [InlineData("2026-01-15T08:59:59Z", "UTC", "09:00", "17:00", "thursday", false)]
    [InlineData("2026-01-15T16:59:59Z", "UTC", "09:00", "17:00", "thursday", true)]
    [InlineData("2026-01-15T17:00:00Z", "UTC", "09:00", "17:00", "thursday", false)]
    [InlineData("2026-01-15T23:59:59Z", "UTC", "00:00", "24:00", "thursday", true)]
    [InlineData("2026-01-16T00:00:00Z", "UTC", "00:00", "24:00", "thursday", false)]
    // In Tokyo it is nine hours later: Friday already.
    [InlineData("2026-01-15T15:30:00Z", "Asia/Tokyo", "00:00", "01:00", "friday", true)]
    [InlineData("2026-01-15T15:30:00Z", "Asia/Tokyo", "00:00", "01:00", "thursday", false)]
    // Over midnight the range belongs to the day it begins on.
    [InlineData("2026-01-15T23:00:00Z", "UTC", "22:00", "06:00", "thursday", true)]
    [InlineData("2026-01-16T05:59:00Z", "UTC", "22:00", "06:00", "thursday", true)]
    [InlineData("2026-01-16T06:00:00Z", "UTC", "22:00", "06:00", "thursday", false)]
    [InlineData("2026-01-15T05:00:00Z", "UTC", "22:00", "06:00", "thursday", false)]
    [InlineData("2026-01-19T03:00:00Z", "UTC", "22:00", "06:00", "sunday", true)]
    // 09:00 in Berlin is 08:00 UTC in winter and 07:00 in summer.
    [InlineData("2026-01-15T07:30:00Z", "Europe/Berlin", "09:00", "17:00", "thursday", false)]
    [InlineData("2026-07-16T07:30:00Z", "Europe/Berlin", "09:00", "17:00", "thursday", true)]
    public async Task Contacts_are_taken_in_working_hours_only(string now, string zone, string from, string to, string weekday, bool taken)
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("member", owner.OrganizationId);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(
            new { user_id = user.Id, working_hours = new { time_zone = zone, weekdays = new[] { weekday }, from, to } }));
        app.Time.AdjustTime(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        using var later = app.As(owner);

        await later.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId!.Value, 1));

        Assert.Equal(taken ? 1 : 0, Assert.Single(await app.CountContactsAsync([user])));
    }

    [Fact]
    public async Task A_day_is_the_organizations_and_counts_what_was_taken_away_again_and_what_was_given_by_hand()
    {
        var (owner, _) = await app.CreateOwnerAsync();
        var organization = owner.OrganizationId!.Value;
        await app.ExecuteAsync("update app.organization set timezone = 'America/New_York' where id = @organization", new { organization });
        var user = await app.CreateUserAsync("member", organization);
        // 23:00 in New York.
        app.Time.AdjustTime(new DateTimeOffset(2026, 1, 16, 4, 0, 0, TimeSpan.Zero));
        using var client = app.As(owner);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(new { user_id = user.Id, max_per_day = 5 }));
        var contacts = await app.CreateContactsAsync(organization, 20);
        using (var byHand = await client.PostAsync($"/api/admin/users/{user.Id}/assign-contacts", new { contact_ids = contacts[..2] }))
        {
            Assert.Equal(2, (await byHand.JsonAsync()).GetProperty("success_count").GetInt32());
        }
        using var taken = await client.DeleteAsync($"/api/admin/users/{user.Id}/contacts/{contacts[0]}");

        Assert.Equal(3, (await client.AutoAssignAsync(contacts[2..])).GetProperty("success_count").GetInt32());
        app.Time.Advance(TimeSpan.FromMinutes(59));
        using var stillToday = app.As(owner);
        Assert.Equal(0, (await stillToday.AutoAssignAsync(contacts[2..])).GetProperty("success_count").GetInt32());
        app.Time.Advance(TimeSpan.FromMinutes(1));
        using var tomorrow = app.As(owner);
        Assert.Equal(5, (await tomorrow.AutoAssignAsync(contacts[2..])).GetProperty("success_count").GetInt32());
    }

    [Fact]
    public async Task An_open_contact_less_makes_room_for_one_more()
    {
        var (owner, client) = await app.CreateOwnerAsync();
        var user = await app.CreateUserAsync("member", owner.OrganizationId);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(new { user_id = user.Id, max_open_contacts = 2, max_per_day = 50 }));
        var contacts = await app.CreateContactsAsync(owner.OrganizationId!.Value, 5);

        await client.AutoAssignAsync(contacts);
        using var taken = await client.DeleteAsync($"/api/admin/users/{user.Id}/contacts/{contacts[0]}");
        await client.AutoAssignAsync(contacts[1..]);

        Assert.Equal(2, Assert.Single(await app.CountContactsAsync([user])));
        Assert.Equal(
            3, await app.QuerySingleAsync<int>("select count(*) from app.user_contact_assignment where user_id = @Id", new { user.Id }));
    }

    [Fact]
    public async Task Member_who_starts_work_later_is_not_flooded()
    {
        var (owner, _) = await app.CreateOwnerAsync();
        var users = await app.CreateMembersAsync(owner.OrganizationId!.Value, 3);
        app.Time.AdjustTime(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
        using var client = app.As(owner);
        await client.SetRulesAsync(AssignmentWorld.CatchAll(
            new { user_id = users[0].Id }, new { user_id = users[1].Id },
            new { user_id = users[2].Id, working_hours = new { time_zone = "UTC", from = "09:00", to = "17:00" } }));
        await client.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 100));

        app.Time.Advance(TimeSpan.FromHours(1.5));
        using var later = app.As(owner);
        await later.AutoAssignAsync(await app.CreateContactsAsync(owner.OrganizationId.Value, 30));

        Assert.Equal([60, 60, 10], (IEnumerable<int>)await app.CountContactsAsync(users));
    }

    public sealed class FixedApp : TestApp
    {
        public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero));

        public override TimeProvider? Clock => Time;
    }
}
