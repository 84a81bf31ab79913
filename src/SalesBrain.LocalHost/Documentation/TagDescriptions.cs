namespace SalesBrain.LocalHost.Documentation;

/// <summary>What the areas of the API are about.</summary>
internal static class TagDescriptions
{
    private static readonly Dictionary<string, string> ByTag = new(StringComparer.Ordinal)
    {
        ["Agents"] = "Sign-in of the agents of a contact centre with Genesys Cloud.",
        ["Agencies"] = "Teams and partners inside an organization that run campaigns for clients.",
        ["Analytics"] = "The numbers of campaigns, leads and users over time.",
        ["Assignments"] = "Who works which campaigns and contacts, by hand and by rules.",
        ["Audit log"] = "Who changed what, and when.",
        ["Authentication"] = "Sign-in, sessions and passwords.",
        ["Campaigns"] = "Outreach campaigns with their counters, rates and analytics.",
        ["Clients"] = "Companies for which agencies run campaigns.",
        ["Contacts"] = "People whom an organization knows.",
        ["Conversations"] = "What an organization's agents and people write to each other over WhatsApp, and who answers.",
        ["Dashboard"] = "The numbers and the recent activity of the admin dashboard.",
        ["Data sources"] = "Where an organization imports leads from besides webhooks.",
        ["Documentation"] = "This description and the page that shows it.",
        ["Health"] = "For monitoring and load balancers.",
        ["Import jobs"] = "Jobs that fetch people from a data source into leads: start, pause, resume, cancel, retry.",
        ["Leads"] = "Contacts in a campaign or of a client, as a sales team works them.",
        ["Live updates"] = "What changes, as it changes, for pages that are open.",
        ["Messages"] = "Messages to people over WhatsApp: sending, retrying and giving up.",
        ["Notifications"] = "Messages to the signed-in user about what happened.",
        ["Onboarding"] = "For the invited person, who opens an onboarding link.",
        ["Onboarding links"] = "Links that invite a person to onboarding.",
        ["Organizations"] = "The tenants of SalesBrain.",
        ["Tenants"] = "How outside systems know organizations.",
        ["Users"] = "The users of an organization and their roles.",
        ["Webhook catalogue"] = "The known event types and webhook sources.",
        ["Webhook endpoints"] = "URLs that receive webhooks, with their tokens and secrets.",
        ["Webhook logs"] = "Received events: search, retry, export and clean-up.",
        ["Webhook receivers"] = "For senders, which deliver events here.",
        ["Webhook rejections"] = "Deliveries that were refused, and why.",
        ["WhatsApp account"] = "The organization's WhatsApp Business Account: connect, check and disconnect it.",
    };

    /// <summary>Null for an area that has none.</summary>
    internal static string? Of(string tag) => ByTag.GetValueOrDefault(tag);
}
