using System.Text.Json;
using SalesBrain.Core.Webhooks.Events;
using SalesBrain.Core.Webhooks.Events.Sources;
using SalesBrain.Core.Webhooks.Processing;
using SalesBrain.Functions.Webhooks.Endpoints;
using SalesBrain.Tests.Webhooks.Receiving;

namespace SalesBrain.Tests.Webhooks.Endpoints;

public sealed class SampleEventsTests
{
    private static readonly DateTime Time = new(2026, 1, 15, 9, 30, 0, 123, DateTimeKind.Utc);

    public static TheoryData<string> ReceivingSources =>
        [.. EventSources.All.Where(source => source.Receives).Select(source => source.Name)];

    [Theory]
    [MemberData(nameof(ReceivingSources))]
    public void Every_type_reads_back_as_itself_with_all_it_needs(string name)
    {
        var source = EventSources.Find(name)!;

        foreach (var type in EventTypes.All)
        {
            using var sample = JsonDocument.Parse(SampleEvents.Create(source, type, Time));
            var read = source.Read(sample.RootElement);

            Assert.Equivalent(new { EventType = type.Name, Timestamp = Time }, read);
            Assert.Null(WebhookEventRules.Decide(read).Failure);
            Assert.Equal(type.Subject == EventSubject.Contact ? "test.contact@example.com" : null, read.ContactEmail);
            Assert.Equal(type.Subject is EventSubject.Contact or EventSubject.Campaign ? "SalesBrain test" : null, read.CampaignName);
            Assert.Equal(type.Subject == EventSubject.Contact ? "Test" : null, read.FirstName);
            Assert.Equal(type.Name == EventTypes.LeadLabel ? "Test label" : null, read.Label);
            Assert.Equal(type.Subject == EventSubject.Account, read.Message is not null);
        }
    }

    [Theory]
    [InlineData("email.sent", "email_sent")]
    [InlineData("email.replied", "reply_received")]
    [InlineData("campaign.completed", "campaign_completed")]
    public void Instantlys_have_the_members_of_what_was_captured(string type, string fixture)
    {
        using var sample = JsonDocument.Parse(SampleEvents.Create(EventSources.Instantly, EventTypes.Find(type)!, Time));
        using var captured = JsonDocument.Parse(Deliveries.Fixture(fixture));

        var leadVariables = new HashSet<string>(StringComparer.Ordinal) { "firstName", "lastName", "companyName" };
        foreach (var member in sample.RootElement.EnumerateObject().Where(member => !leadVariables.Contains(member.Name)))
        {
            Assert.True(captured.RootElement.TryGetProperty(member.Name, out _), member.Name);
        }
        Assert.Equal(captured.RootElement.GetProperty("event_type").GetString(), sample.RootElement.GetProperty("event_type").GetString());
    }
}
