namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>
/// The checks that no schema can express, because they depend on what is there or on several members together. The description of the
/// operation or the member says each in words. A value that the schema allows may be refused by these and by nothing else.
/// </summary>
internal static class DocumentedChecks
{
    /// <summary>In every operation: a cursor is of another list, and a page is too deep for its size.</summary>
    private static readonly string[] Everywhere = ["cursor", "campaigns_cursor", "contacts_cursor", "timeline_cursor", "offset", "page"];

    private static readonly Dictionary<string, string[]> ByOperation = new(StringComparer.Ordinal)
    {
        // Either the one or the other, and ranges that end before they begin.
        ["AutoAssignContacts"] = ["contact_ids", "filter.created_to", "filter.max_lead_score"],
        ["BulkRetryWebhookLogs"] = ["log_ids", "filter.date_to", "filter.status"],
        ["GetWebhookStats"] = ["date_from", "date_to", "interval"],
        ["Login"] = ["email"],
        ["UpdateTenantGenesys"] = ["genesys_org_id", "genesys_region"],
        // Required for platform operators only, and the signup that is continued.
        ["SignUpWhatsapp"] = ["organization_id", "waba_id", "phone_number_id"],
        ["CheckWhatsappAccount"] = ["organization_id"],
        ["GetWhatsappStatus"] = ["organization_id"],
        ["GetWhatsappAccount"] = ["organization_id"],
        ["DisconnectWhatsappAccount"] = ["organization_id"],
        ["ListWhatsappTemplates"] = ["organization_id"],
        // What a file has to contain.
        ["ImportTenantMapping"] = ["csv"],
        // Configured regions and portals.
        ["StartAgentSignIn"] = ["region", "redirect"],
        // What a role needs.
        ["CreateUser"] = ["organization_id", "agency_id", "client_id", "password"],
        ["UpdateUser"] = ["agency_id", "client_id", "current_password"],
        ["CreateClient"] = ["agency_id"],
        // Agencies and clients that do not belong together, and days in the wrong order.
        ["CreateCampaign"] = ["agency_id", "client_id", "end_date"],
        ["CreateCampaignAlias"] = ["agency_id", "client_id", "end_date"],
        ["UpdateCampaign"] = ["agency_id", "client_id", "end_date"],
        ["GetCampaignAnalytics"] = ["range", "date_from", "date_to", "tz"],
        ["GetAnalyticsOverview"] = ["range", "date_from", "date_to", "tz", "organization_id"],
        ["GetCampaignReport"] = ["range", "date_from", "date_to", "tz"],
        ["GetLeadAnalytics"] = ["range", "date_from", "date_to", "tz", "organization_id"],
        ["GetTeamAnalytics"] = ["range", "date_from", "date_to", "tz", "organization_id"],
        // Common passwords, and the current one.
        ["ChangePassword"] = ["current_password", "new_password"],
        ["ConfirmPasswordReset"] = ["new_password"],
        // Names of time zones that are not known, and names without a Latin letter or a digit, from which no slug can be derived.
        ["CreateOrganization"] = ["timezone", "slug"],
        ["UpdateOrganization"] = ["timezone"],
        // What a way to authenticate needs, and aliases that are one name in several spellings.
        ["CreateWebhookEndpoint"] = ["auth_mode", "auth_settings", "secret", "type_aliases"],
        ["UpdateWebhookEndpoint"] = ["auth_mode", "auth_settings", "secret", "type_aliases"],
        ["RotateWebhookEndpoint"] = ["secret"],
        // Rules depend on their place in the list and on the organization's users and campaigns.
        ["ReplaceAssignmentRules"] = ["rules"],
        // The number of the link's steps.
        ["UpdateOnboardingProgress"] = ["current_step"],
        // A cursor of its own, and a ticket.
        ["StreamEvents"] = ["after"],
        // There is one order.
        ["ListContactDuplicates"] = ["sort_order"],
        // Types that can be entered by hand.
        ["EnterWebhookLog"] = ["event_type"],
        // Exactly one of two, what belongs together, and rules of the members that SalesBrain reads in the settings.
        ["CreateLead"] = ["email", "first_name", "last_name", "company", "title", "phone", "linkedin_url", "city", "region", "country", "organization_id", "client_id", "interest_label", "deal_currency", "assigned_to"],
        ["CreateLeadAlias"] = ["email", "first_name", "last_name", "company", "title", "phone", "linkedin_url", "city", "region", "country", "organization_id", "client_id", "interest_label", "deal_currency", "assigned_to"],
        ["UpdateLead"] = ["client_id", "interest_label", "deal_currency", "assigned_to"],
        // What a type needs, a source that has a file, and either a campaign or a client.
        ["CreateDataSource"] = ["agency_id", "config", "credentials"],
        ["CreateDataSourceAlias"] = ["agency_id", "config", "credentials"],
        ["UpdateDataSource"] = ["config", "credentials"],
        ["ListSourceJobs"] = ["date_from", "date_to"],
        ["CreateJob"] = ["data_source_id", "campaign_id", "client_id", "mapping"],
        ["CreateJobAlias"] = ["data_source_id", "campaign_id", "client_id", "mapping"],
        // Either a person or a conversation, either a text or a template, and messages of the conversation.
        ["SendMessage"] = ["to", "conversation_id", "text", "template", "reply_to", "organization_id"],
        ["SendConversationMessage"] = ["text", "template", "reply_to"],
        ["AssignLead"] = ["user_id", "email"],
        // Only agents and supervisors.
        ["AssignConversation"] = ["user_id"],
        ["BulkAssignLeads"] = ["user_id", "email"],
        ["BulkUpdateLeads"] = ["changes"],
    };

    /// <summary>
    /// Operations whose valid requests need a secret that only an e-mail or an earlier response contains, a file, or another state.
    /// </summary>
    internal static readonly HashSet<string> NeverSucceeds =
        [
            "ChangePassword", "CompleteAgentSignIn", "ConfirmEmailChange", "ConfirmPasswordReset", "DeleteCampaign",
            "ExchangeAgentSignInCode", "FailMessage", "ImportLeads", "ImportTenantMapping", "Login", "ReadNotification",
            "ReadmitWebhookRejection", "ReceiveFromWhatsapp", "RefreshAccessToken", "RefreshAgentToken", "RetryMessage",
            "SendConversationMessage", "SendMessage", "StartAgentSignIn", "UploadSourceFile", "VerifyWhatsappWebhook",
            // A code that Meta issued.
            "SignUpWhatsapp",
        ];

    /// <summary>Operations that return 400 for a text of the right form that the app did not issue, or not to this browser.</summary>
    internal static readonly HashSet<string> RefusesStates = ["CompleteAgentSignIn"];

    /// <summary>A member that a valid request has although no schema requires it: one of several ways to name something.</summary>
    internal static string? Needed(string operation) => operation switch
    {
        "CreateLead" or "CreateLeadAlias" => "email",
        "AssignLead" or "BulkAssignLeads" => "user_id",
        "CreateJob" or "CreateJobAlias" => "campaign_id",
        _ => null,
    };

    /// <summary>Whether a member may be refused although its schema allows the value.</summary>
    internal static bool MayRefuse(string operation, string member) =>
        Everywhere.Concat(ByOperation.GetValueOrDefault(operation, [])).Any(known => member == known
            || member.StartsWith(known + ".", StringComparison.Ordinal) || member.StartsWith(known + "[", StringComparison.Ordinal));
}
