using SalesBrain.Core.Access;

namespace SalesBrain.Tests.Access;

/// <summary>
/// Who may do what, written down once more than in the code. For each role three letters: what the call does to a thing in the caller's own
/// scope (their client, agency or organization), in another scope of the same organization, and in another organization.
/// <c>y</c> = done, or shown in a list; <c>-</c> = as if it were not there, or missing from a list; <c>n</c> = 403; <c>!</c> = 422, it may not be named.
/// One letter: the call concerns no thing, or all three are the same. <c>anyone</c> = no sign-in is asked for.
/// </summary>
internal static class RoleTable
{
    private const string Text = """
        function              | sb_admin sb_operator owner admin member agency_admin agency_staff client_admin client_staff client_user read_only agent agent_supervisor
        Login                 | anyone
        RefreshAccessToken    | anyone
        Logout                | anyone
        RequestPasswordReset  | anyone
        ConfirmPasswordReset  | anyone
        ConfirmEmailChange    | anyone
        ChangePassword        | !        !           !     !     !      !            !            !            !            !           !         !     !
        GetMe                 | y        y           y     y     y      y            y            y            y            y           y         y     y
        FilterCampaigns       | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetDashboardStats     | y        y           y     y     y      n            n            n            n            n           y         n     n
        GetRecentActivity     | yyy      yyy         yy-   yy-   yy-    n            n            n            n            n           yy-       n     n
        GetDocs               | anyone
        GetDocsAsset          | anyone
        GetOpenApi            | anyone
        GetLiveness           | anyone
        GetReadiness          | anyone
        ListEventTypes        | y        y           y     y     y      n            n            n            n            n           y         n     n
        ListEventSources      | y        y           y     y     y      n            n            n            n            n           y         n     n
        ListWebhookEndpoints  | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        CreateWebhookEndpoint | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        GetWebhookEndpoint    | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        UpdateWebhookEndpoint | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        DeleteWebhookEndpoint | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        RotateWebhookEndpoint | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        TestWebhookEndpoint   | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        ListWebhookLogs       | yyy      yyy         yy-   yy-   yy-    n            n            n            n            n           yy-       n     n
        GetWebhookLog         | yyy      yyy         yy-   yy-   yy-    n            n            n            n            n           yy-       n     n
        ExportWebhookLogs     | yyy      yyy         yy-   yy-   yy-    n            n            n            n            n           yy-       n     n
        RetryWebhookLog       | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        BulkRetryWebhookLogs  | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        CleanUpWebhookLogs    | y        y           y     y     n      n            n            n            n            n           n         n     n
        EnterWebhookLog       | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        GetWebhookStats       | y        y           y     y     y      n            n            n            n            n           y         n     n
        ReceiveWebhook        | anyone
        ReceiveWebhookByHeader| anyone
        ReceiveFromWhatsapp   | anyone
        VerifyWhatsappWebhook | anyone
        ListWebhookRejections | yyy      yyy         yy-   yy-   yy-    n            n            n            n            n           yy-       n     n
        GetWebhookRejection   | yyy      yyy         yy-   yy-   yy-    n            n            n            n            n           yy-       n     n
        ReadmitWebhookRejection | yyy    yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        ListAssignees         | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        ListUserAssignments   | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        ListContactAssignments | yyy     yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        AssignCampaigns       | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        AssignContacts        | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        EndCampaignAssignment | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        EndContactAssignment  | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        AutoAssignContacts    | yyy      yyy         yy!   yy!   n      n            n            n            n            n           n         n     n
        GetAssignmentRules    | yyy      yyy         yy!   yy!   n      n            n            n            n            n           n         n     n
        ReplaceAssignmentRules | yyy     yyy         yy!   yy!   n      n            n            n            n            n           n         n     n
        ListOrganizations     | yyy      yyy         yy-   yy-   yy-    yy-          yy-          yy-          yy-          yy-         yy-       yy-   yy-
        CreateOrganization    | y        n           n     n     n      n            n            n            n            n           n         n     n
        GetOrganization       | yyy      yyy         yy-   yy-   yy-    yy-          yy-          yy-          yy-          yy-         yy-       yy-   yy-
        UpdateOrganization    | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        DeleteOrganization    | y        n           n     n     n      n            n            n            n            n           n         n     n
        StartAgentSignIn      | anyone
        CompleteAgentSignIn   | anyone
        ExchangeAgentSignInCode | anyone
        RefreshAgentToken     | anyone
        SignOutAgent          | anyone
        SignOutAgentEverywhere | anyone
        GetAgentProfile       | y        y           y     y     y      y            y            y            y            y           y         y     y
        GetTenant             | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        GetTenantByGenesysOrg | anyone
        UpdateTenantGenesys   | yyy      n           n     n     n      n            n            n            n            n           n         n     n
        ImportTenantMapping   | y        n           n     n     n      n            n            n            n            n           n         n     n
        GetWhatsappStatus     | yyy      yyy         yy!   yy!   n      n            n            n            n            n           n         yy!   yy!
        SignUpWhatsapp        | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        GetWhatsappAccount    | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        DisconnectWhatsappAccount | yyy  n           yy!   yy!   n      n            n            n            n            n           n         n     n
        CheckWhatsappAccount  | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        ListWhatsappTemplates | yyy      yyy         yy!   yy!   n      n            n            n            n            n           n         yy!   yy!
        ListAgencies          | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           yy-       n     n
        CreateAgency          | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        GetAgency             | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           yy-       n     n
        UpdateAgency          | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        DeleteAgency          | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        ListClients           | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        CreateClient          | yyy      n           yy!   yy!   n      ynn          n            n            n            n           n         n     n
        GetClient             | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        UpdateClient          | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        DeleteClient          | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        ListUsers             | yyy      yyy         yy-   yy-   yy-    y--          y--          -            -            -           yy-       n     n
        CreateUser            | yyy      n           yyn   yyn   n      ynn          n            n            n            n           n         n     n
        GetUser               | yyy      yyy         yy-   yy-   yy-    y--          y--          -            -            -           yy-       n     n
        UpdateUser            | yyy      n           yy-   yy-   n      y--          n            -            n            n           n         n     n
        DeleteUser            | yyy      n           yy-   yy-   n      y--          n            -            n            n           n         n     n
        SendUserInvitation    | yyy      n           yy-   yy-   n      y--          n            -            n            n           n         n     n
        ListCampaigns         | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetCampaign           | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetCampaignAnalytics  | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetAnalyticsOverview  | y        y           yy!   yy!   yy!    yy!          yy!          yy!          yy!          yy!         yy!       n     n
        GetCampaignReport     | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetLeadAnalytics      | y        y           yy!   yy!   yy!    yy!          yy!          yy!          yy!          yy!         yy!       n     n
        GetTeamAnalytics      | y        y           yy!   yy!   yy!    yy!          yy!          yy!          yy!          yy!         yy!       n     n
        CreateCampaign        | yyy      n           yy!   yy!   n      y!!          n            n            n            n           n         n     n
        CreateCampaignAlias   | yyy      n           yy!   yy!   n      y!!          n            n            n            n           n         n     n
        UpdateCampaign        | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        DeleteCampaign        | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        ListLeads             | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetLead               | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        ListNotifications     | y        y           y     y     y      y            y            y            y            y           y         y     y
        CountUnreadNotifications | y     y           y     y     y      y            y            y            y            y           y         y     y
        ReadNotification      | -        -           -     -     -      -            -            -            -            -           -         -     -
        StreamEvents          | anyone
        CreateStreamTicket    | y        y           y     y     y      y            y            y            y            y           y         y     y
        ReadAllNotifications  | y        y           y     y     y      y            y            y            y            y           y         y     y
        GetLeadScore          | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        ExportLeads           | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        CreateLead            | yyy      n           yy!   yy!   n      y!!          y!!          y!!          y!!          n           n         n     n
        CreateLeadAlias       | yyy      n           yy!   yy!   n      y!!          y!!          y!!          y!!          n           n         n     n
        UpdateLead            | yyy      n           yy-   yy-   nn-    y--          n--          y--          y--          n           n         n     n
        DeleteLead            | yyy      n           yy-   yy-   nn-    y--          n--          y--          y--          n           n         n     n
        QualifyLead           | yyy      n           yy-   yy-   nn-    y--          n--          y--          y--          n           n         n     n
        AssignLead            | yyy      n           yy-   yy-   nn-    y--          n--          !--          !--          n           n         n     n
        BulkUpdateLeads       | yyy      n           yy-   yy-   ---    y--          ---          y--          y--          n           n         n     n
        BulkAssignLeads       | yyy      n           yy!   yy!   --!    y!!          -!!          !            !            n           n         n     n
        BulkDeleteLeads       | yyy      n           yy-   yy-   ---    y--          ---          y--          y--          n           n         n     n
        SendMessage           | yyy      n           yy!   yy!   n      n            n            n            n            n           n         yy!   yy!
        SendConversationMessage | yyy    n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        RetryMessage          | yyy      n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        FailMessage           | yyy      n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        ListDataSources       | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           n         n     n
        GetDataSource         | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           n         n     n
        CreateDataSource      | yyy      n           yy!   yy!   n      y!!          n            n            n            n           n         n     n
        CreateDataSourceAlias | yyy      n           yy!   yy!   n      y!!          n            n            n            n           n         n     n
        UpdateDataSource      | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        DeleteDataSource      | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        TestDataSource        | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        UploadSourceFile      | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        ImportLeads           | yyy      n           yy!   yy!   n      y!!          n            n            n            n           n         n     n
        ListSourceJobs        | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           n         n     n
        ListJobs              | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           n         n     n
        GetJob                | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           n         n     n
        ListJobLogs           | yyy      yyy         yy-   yy-   yy-    y--          y--          n            n            n           n         n     n
        CreateJob             | yyy      n           yy!   yy!   yy!    y!!          y!!          n            n            n           n         n     n
        CreateJobAlias        | yyy      n           yy!   yy!   yy!    y!!          y!!          n            n            n           n         n     n
        StartJob              | yyy      n           yy-   yy-   nn-    y--          n--          n            n            n           n         n     n
        PauseJob              | yyy      n           yy-   yy-   nn-    y--          n--          n            n            n           n         n     n
        ResumeJob             | yyy      n           yy-   yy-   nn-    y--          n--          n            n            n           n         n     n
        CancelJob             | yyy      n           yy-   yy-   nn-    y--          n--          n            n            n           n         n     n
        RetryJob              | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        UndoJob               | yyy      n           yy-   yy-   n      y--          n            n            n            n           n         n     n
        ListContacts          | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        GetContact            | yyy      yyy         yy-   yy-   yy-    y--          y--          y--          y--          y--         yy-       n     n
        CreateContact         | yyy      n           yy!   yy!   n      yy!          yy!          yy!          yy!          n           n         n     n
        UpdateContact         | yyy      n           yy-   yy-   n      y--          n            y--          y--          n           n         n     n
        MergeContacts         | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        EraseContact          | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        ExportContact         | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     n
        ListContactDuplicates | yyy      n           yy!   yy!   n      n            n            n            n            n           n         n     n
        ListConversations     | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        GetConversation       | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        ListMessages          | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        ReadConversation      | yyy      n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        CloseConversation     | yyy      n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        ReopenConversation    | yyy      n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        ListConversationAssignees | yyy  n           yy!   yy!   n      n            n            n            n            n           n         n     yy!
        AssignConversation    | yyy      n           yy-   yy-   n      n            n            n            n            n           n         n     yy-
        ClaimConversation     | n        n           yy-   yy-   n      n            n            n            n            n           n         yy-   yy-
        ReleaseConversation   | yyy      n           yy-   yy-   n      n            n            n            n            n           n         ---   yy-
        ListAuditLog          | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        CreateOnboardingLink  | yyy      yyy         yy!   yy!   n      n            n            n            n            n           n         n     n
        ListOnboardingLinks   | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        GetOnboardingLink     | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        RevokeOnboardingLink  | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        ExtendOnboardingLink  | yyy      yyy         yy-   yy-   n      n            n            n            n            n           n         n     n
        OpenOnboardingLink    | anyone
        UpdateOnboardingProgress | anyone
        CompleteOnboarding    | anyone
        """;

    /// <summary>By function and role, what is expected; null for an endpoint that is open to anyone.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyDictionary<Role, string>?> Rows { get; } = Read();

    private static Dictionary<string, IReadOnlyDictionary<Role, string>?> Read()
    {
        var lines = Text.Split('\n').Select(line => line.Split('|')).ToList();
        var roles = Words(lines[0][1]).Select(name => Roles.TryParse(name, out var role) ? role : throw new FormatException(name)).ToArray();
        return lines.Skip(1).ToDictionary(
            line => line[0].Trim(),
            line => line[1].Trim() == "anyone" ? null : (IReadOnlyDictionary<Role, string>)roles.Zip(Words(line[1])).ToDictionary(),
            StringComparer.Ordinal);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
