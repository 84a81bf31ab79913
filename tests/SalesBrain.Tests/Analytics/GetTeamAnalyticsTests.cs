using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Analytics;

/// <summary>What users own, and how fast they answer.</summary>
[Collection(AnalyticsApp.Collection)]
public sealed class GetTeamAnalyticsTests(AnalyticsApp app)
{
    [Fact]
    public async Task Team_shows_what_each_user_owns_and_how_fast_replies_are_answered()
    {
        var (owner, lead, place) = await app.CreateReportedLeadAsync("Europe/Paris");
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
            await app.CreateActivityAsync(lead, AnalyticsWorld.Utc(at), type);
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
}
