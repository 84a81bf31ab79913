using System.Text.Json;
using System.Text.Json.Nodes;
using SalesBrain.Core.Webhooks.Receiving.Bodies;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Webhooks.Receiving;

namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// What Instantly would have told about the demo campaigns so far, sent the way of every webhook: logs, activities, counters and the leads'
/// states come from it. What happened to a lead varies by its position.
/// </summary>
internal static class DemoHistory
{
    private const string Workspace = "8f3e798e-0000-4000-8000-000000000001";

    /// <summary>Returns when all of it is durable; it is processed right behind, once the app runs.</summary>
    internal static async Task SendAsync(
        PlatformSession session, WebhookStorage storage, Guid organizationId, DemoEndpoint endpoint, CancellationToken cancellationToken)
    {
        var leads = await DemoRows.GetLeadsAsync(session, organizationId, cancellationToken);
        JsonObject[] events =
        [
            .. leads.SelectMany(
                lead => EventsOf(lead.Number), (lead, happened) => Event(happened.Type, lead, lead.CreatedAt + happened.After)),
            // One that cannot be processed, to see what that looks like.
            new() { ["event_type"] = "reply_received", ["workspace"] = Workspace, ["campaign_name"] = "A reply from nobody" },
        ];

        if (!WebhookBody.TryRead(JsonSerializer.SerializeToUtf8Bytes(events), "application/json", null, out var body, out var refusal))
        {
            throw new InvalidOperationException(refusal.Diagnosis);
        }
        using (body)
        {
            await storage.StoreTrustedAsync(
                session, endpoint.Id, body.Elements, origin => origin with { ContentType = "application/json" }, cancellationToken);
        }
    }

    private static IEnumerable<(string Type, TimeSpan After)> EventsOf(int lead)
    {
        if (lead % 17 == 16)
        {
            yield break;
        }
        yield return ("email_sent", TimeSpan.Zero);
        if (lead % 19 == 3)
        {
            yield return ("email_bounced", TimeSpan.FromMinutes(2));
            yield break;
        }
        if (lead % 2 == 0)
        {
            yield return ("email_opened", TimeSpan.FromHours(3));
        }
        if (lead % 4 == 0)
        {
            yield return ("email_link_clicked", TimeSpan.FromHours(4));
        }
        if (lead % 23 == 5)
        {
            yield return ("lead_unsubscribed", TimeSpan.FromHours(5));
            yield break;
        }
        if (lead % 6 == 0)
        {
            yield return ("reply_received", TimeSpan.FromHours(20));
            yield return (lead % 18 == 0 ? "lead_not_interested" : "lead_interested", TimeSpan.FromHours(21));
        }
        if (lead % 24 == 12)
        {
            yield return ("lead_meeting_booked", TimeSpan.FromHours(45));
        }
        if (lead % 48 == 12)
        {
            yield return ("lead_closed", TimeSpan.FromHours(120));
        }
    }

    private static JsonObject Event(string type, DemoLead lead, DateTime at) => new()
    {
        ["timestamp"] = at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
        ["event_type"] = type,
        ["workspace"] = Workspace,
        ["campaign_id"] = lead.CampaignExternalId,
        ["campaign_name"] = lead.CampaignName,
        ["email_account"] = "sender@salesbrain.example",
        ["is_first"] = true,
        ["lead_email"] = lead.Email,
        ["email"] = lead.Email,
        ["step"] = 1,
        ["variant"] = 1 + (lead.Number % 2),
    };
}
