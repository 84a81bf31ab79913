using SalesBrain.Core.Paging;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Log;
using SalesBrain.Functions.Webhooks.Log;

namespace SalesBrain.LocalHost.Documentation.Lists;

/// <summary>Examples of the list of webhook logs, whose text depends on the filters and on what a search term leads to.</summary>
internal static class WebhookLogExamples
{
    private const string Term = "acme";

    internal static ListExamples List => new(nameof(ListWebhookLogs),
    [
        new($"First page, {ExampleValues.User}", Of(ExampleValues.ByUser, new())),
        new($"First page, {ExampleValues.Operator}", Of(ExampleValues.ByOperator, new())),
        new($"?cursor=…&date_from=…&date_to=…, {ExampleValues.User}", Of(
            ExampleValues.ByUser,
            new() { DateFrom = ExampleValues.Time.AddDays(-30), DateTo = ExampleValues.Time.AddDays(1) },
            after: ExampleValues.RowId)),
        new($"?event_type=email.replied, {ExampleValues.Operator}", Of(ExampleValues.ByOperator, new() { EventTypes = ["email.replied"] })),
        new($"?event_type=email.replied&event_type=email.bounced, {ExampleValues.User}", Of(
            ExampleValues.ByUser, new() { EventTypes = ["email.replied", "email.bounced"] })),
        new($"?status=failed&status=dead, {ExampleValues.Operator}", Of(ExampleValues.ByOperator, new() { Statuses = ["failed", "dead"] })),
        new($"?campaign_id=…&contact_email=…&event_source=instantly, {ExampleValues.User}", Of(
            ExampleValues.ByUser,
            new() { CampaignId = ExampleValues.CampaignId, ContactEmail = "Lead@prospect.example", EventSources = ["instantly"] })),
        new($"?search={Term}, the first of two statements: what the term leads to, {ExampleValues.User}",
            WebhookLogSearch.FindStatement(ExampleValues.ByUser, null, SearchTerm.Of(Term)!)),
        new($"?search={Term}, the first of two statements: what the term leads to, {ExampleValues.Operator}",
            WebhookLogSearch.FindStatement(ExampleValues.ByOperator, null, SearchTerm.Of(Term)!)),
        new($"?search={Term}, the second: a rare term, {ExampleValues.User}", Of(ExampleValues.ByUser, new() { Search = Term }, Rare)),
        new($"?search={Term}, a common term: the time that a page is searched back to, {ExampleValues.User}",
            WebhookLogs.SearchedFromStatement(ExampleValues.ByUser, new() { Search = Term }, null)),
        new($"?search={Term}, a common term: the time that a page is searched back to, {ExampleValues.Operator}",
            WebhookLogs.SearchedFromStatement(ExampleValues.ByOperator, new() { Search = Term }, null)),
        new($"?search={Term}, the last: a common term, {ExampleValues.Operator}", Of(
            ExampleValues.ByOperator, new() { Search = Term }, Rare with { HasMoreContactEmails = true, HasMoreLogs = true },
            searchedFrom: ExampleValues.Time)),
        new($"?search=…, the second: a term that leads to nothing, {ExampleValues.User}", Of(
            ExampleValues.ByUser, new() { Search = Term }, Nothing)),
        new($"?search=…, the second: an e-mail address that leads to nothing else, {ExampleValues.User}", Of(
            ExampleValues.ByUser, new() { Search = "lead@prospect.example" },
            Nothing with { Term = "lead@prospect.example", Email = "lead@prospect.example" })),
    ]);

    private static WebhookLogSearch Nothing => new()
    {
        Term = Term,
        ContactEmails = [],
        HasMoreContactEmails = false,
        Campaigns = [],
        EventTypes = [],
        Logs = [],
        HasMoreLogs = false,
    };

    /// <summary>One of each kind that a term can lead to.</summary>
    private static WebhookLogSearch Rare => Nothing with
    {
        ContactEmails = [new() { OrganizationId = ExampleValues.OrganizationId, EmailNorm = "lead@acme.example" }],
        Campaigns = [new() { OrganizationId = ExampleValues.OrganizationId, Id = ExampleValues.CampaignId }],
        EventTypes = ["email.replied"],
        Logs = [new() { OrganizationId = ExampleValues.OrganizationId, CreatedAt = ExampleValues.Time, Id = ExampleValues.RowId }],
    };

    private static Statement Of(
        SessionScope scope, WebhookLogFilter filter, WebhookLogSearch? search = null, Guid? after = null, DateTime? searchedFrom = null) =>
        WebhookLogs.ListStatement(scope, filter, ExampleValues.Limit, 0, after, search, searchedFrom);
}
