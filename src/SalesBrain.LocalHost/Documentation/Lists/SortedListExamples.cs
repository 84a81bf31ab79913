using System.Text.Json;
using SalesBrain.Core.Paging;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Conversations;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Imports.Jobs;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Data.Notifications;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Audit;
using SalesBrain.Functions.Conversations;
using SalesBrain.Functions.Crm;
using SalesBrain.Functions.Imports.Jobs;
using SalesBrain.Functions.Imports.Sources;
using SalesBrain.Functions.Notifications;
using SalesBrain.Functions.Organizations;

namespace SalesBrain.LocalHost.Documentation.Lists;

/// <summary>Examples of the v1 lists, which a caller can sort.</summary>
internal static class SortedListExamples
{
    private const string Term = "acme";

    internal static IReadOnlyList<ListExamples> All =>
    [
        Of<OrganizationSort>(
            nameof(ListOrganizations),
            OrganizationTable.KeyOf,
            (scope, start, search) => OrganizationTable.ListStatement(scope, new([], search), start)),
        Of<AgencySort>(
            nameof(ListAgencies),
            Agencies.KeyOf,
            (scope, start, search) => Agencies.ListStatement(scope, new(null, [], search), start)),
        Of<ClientSort>(
            nameof(ListClients),
            Clients.KeyOf,
            (scope, start, search) => Clients.ListStatement(scope, new(null, null, [], search), start)),
        Of<UserSort>(
            nameof(ListUsers),
            Users.KeyOf,
            (scope, start, search) => Users.ListStatement(scope, new(null, null, null, [], [], search), start),
            start => [
                new($"?search={Term}, {ExampleValues.AgencyUser}",
                    Users.ListStatement(ExampleValues.ByAgencyUser, new(null, null, null, [], [], Term), start)),
            ]),
        Of<CampaignSort>(
            nameof(ListCampaigns),
            Campaigns.KeyOf,
            (scope, start, search) => Campaigns.ListStatement(scope, new(null, null, null, [], search), start)),
        Of<LeadSort>(
            nameof(ListLeads),
            Leads.KeyOf,
            (scope, start, search) => Leads.ListStatement(scope, new() { Search = search }, start),
            start => [
                new($"?search={Term}, {ExampleValues.AgencyUser}",
                    Leads.ListStatement(ExampleValues.ByAgencyUser, new() { Search = Term }, start)),
                new($"?tags=warm, {ExampleValues.User}", Leads.ListStatement(ExampleValues.ByUser, new() { Tags = ["warm"] }, start)),
                new($"?min_score=60, {ExampleValues.User}", Leads.ListStatement(ExampleValues.ByUser, new() { MinScore = 60 }, start)),
                new($"?custom.size=50, {ExampleValues.User}",
                    Leads.ListStatement(ExampleValues.ByUser, new() { CustomFields = [new("size", ["50"])] }, start)),
            ]),
        Of<DataSourceSort>(
            nameof(ListDataSources),
            DataSources.KeyOf,
            (scope, start, search) => DataSources.ListStatement(scope, new(null, [], [], search), start)),
        Of<ImportJobSort>(
            nameof(ListJobs),
            ImportJobs.KeyOf,
            (scope, start, search) => search is null ? ImportJobs.ListStatement(scope, new(), start) : null),
        Of<ImportJobSort>(
            nameof(ListSourceJobs),
            ImportJobs.KeyOf,
            (scope, start, search) =>
                search is null ? ImportJobs.ListStatement(scope, new() { DataSourceId = ExampleValues.RowId }, start) : null),
        Of<NotificationSort>(
            nameof(ListNotifications),
            UserNotifications.KeyOf,
            (scope, start, search) =>
                search is null ? UserNotifications.ListStatement(scope, ExampleValues.UserId, unread: true, start) : null),
        Of<ContactSort>(
            nameof(ListContacts),
            Contacts.KeyOf,
            (scope, start, search) => Contacts.ListStatement(scope, new() { Search = search }, start),
            start => [
                new($"First page, {ExampleValues.AgencyUser}", Contacts.ListStatement(ExampleValues.ByAgencyUser, new(), start)),
                new($"?tags=warm, {ExampleValues.User}", Contacts.ListStatement(ExampleValues.ByUser, new() { Tags = ["warm"] }, start)),
                new($"?campaign_id=…, {ExampleValues.User}",
                    Contacts.ListStatement(ExampleValues.ByUser, new() { CampaignId = ExampleValues.CampaignId }, start)),
                new($"?custom.size=50, {ExampleValues.User}",
                    Contacts.ListStatement(ExampleValues.ByUser, new() { CustomFields = [new("size", ["50"])] }, start)),
                new($"?owner=me, {ExampleValues.User}",
                    Contacts.ListStatement(ExampleValues.ByUser, new() { OwnerId = ExampleValues.UserId }, start)),
            ]),
        Of<ConversationSort>(
            nameof(ListConversations),
            Conversations.KeyOf,
            (scope, start, search) => Conversations.ListStatement(scope, new() { Search = search }, start),
            start => [
                new($"?assigned_to=me, {ExampleValues.User}",
                    Conversations.ListStatement(ExampleValues.ByUser, new() { AssignedTo = ExampleValues.UserId }, start)),
                new($"?status=open&assigned_to=none, {ExampleValues.User}",
                    Conversations.ListStatement(ExampleValues.ByUser, new() { Statuses = ["open"], IsUnassigned = true }, start)),
                new(
                    $"?unread=true, {ExampleValues.User}",
                    Conversations.ListStatement(ExampleValues.ByUser, new() { IsUnread = true }, start)),
            ]),
        Of<MessageSort>(
            nameof(ListMessages),
            ConversationMessages.KeyOf,
            (scope, start, search) => search is null && scope.OrganizationId is { } organization
                ? ConversationMessages.ListStatement(organization, ExampleValues.RowId, start)
                : null),
        Of<DuplicateSort>(
            nameof(ListContactDuplicates),
            _ => DuplicateContacts.Key,
            (scope, start, search) => search is null && scope.OrganizationId is { } organization
                ? DuplicateContacts.ListStatement(organization, start)
                : null),
        Of<AuditSort>(
            nameof(ListAuditLog),
            AuditLog.KeyOf,
            (scope, start, search) => search is null ? AuditLog.ListStatement(scope, new(), start) : null),
    ];

    /// <summary>
    /// The first page, the next page in each order, and a search, by different callers. <paramref name="statement"/> gives null where the
    /// list has no search.
    /// </summary>
    private static ListExamples Of<TSort>(
        string function,
        Func<TSort, SortKey> keyOf,
        Func<SessionScope, PageStart, string?, Statement?> statement,
        Func<PageStart, IEnumerable<ListExample>>? more = null)
        where TSort : struct, Enum
    {
        var first = First(keyOf(default));
        var examples = new List<ListExample>();
        Add($"First page, {ExampleValues.User}", ExampleValues.ByUser, first);
        Add($"First page, {ExampleValues.Operator}", ExampleValues.ByOperator, first);
        foreach (var sort in Enum.GetValues<TSort>())
        {
            var (name, key) = (NameOf(sort), keyOf(sort));
            Add($"?sort_by={name}&cursor=…, {ExampleValues.User}", ExampleValues.ByUser, After(key, ExampleOf(key)));
        }
        foreach (var sort in Enum.GetValues<TSort>().Where(sort => keyOf(sort).IsOptional).TakeLast(1))
        {
            var request = $"?sort_by={NameOf(sort)}&cursor=…, after a row without the key, {ExampleValues.User}";
            Add(request, ExampleValues.ByUser, After(keyOf(sort), null));
        }
        Add($"?search={Term}, {ExampleValues.User}", ExampleValues.ByUser, first, Term);
        Add($"?search={Term}, {ExampleValues.Operator}", ExampleValues.ByOperator, first, Term);
        return new(function, [.. examples, .. more?.Invoke(first) ?? []]);

        void Add(string request, SessionScope scope, PageStart start, string? search = null)
        {
            if (statement(scope, start, search) is { } sent)
            {
                examples.Add(new(request, sent, start.Key));
            }
        }
    }

    private static PageStart First(SortKey key) => new(key, key.IsDescendingByDefault, ExampleValues.Limit, 0, null);

    private static PageStart After(SortKey key, string? position) => First(key) with { After = new(position, ExampleValues.RowId) };

    private static string NameOf<TSort>(TSort sort)
        where TSort : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(sort.ToString());

    private static string ExampleOf(SortKey key) => key.Type switch
    {
        "text" => "example",
        "integer" => "42",
        _ => "2026-01-31 09:30:00+00",
    };
}
