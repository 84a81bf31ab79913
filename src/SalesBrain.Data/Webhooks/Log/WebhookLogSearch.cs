using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;
using KnownTypes = SalesBrain.Core.Webhooks.Events.EventTypes;

namespace SalesBrain.Data.Webhooks.Log;

/// <summary>
/// What a search term matches: e-mail addresses of contacts, campaigns, event types, and logs without effect (ignored, failed or dead) that
/// contain the term themselves. If more than <see cref="Most"/> addresses or logs match, the term is common. Then reading the logs newest
/// first finds matches quickly, unless all of them are old: a page therefore reads a limited number of logs (<see cref="LogsPerPage"/>).
/// </summary>
internal sealed record WebhookLogSearch
{
    /// <summary>Maximum number of e-mail addresses, and of logs without effect, that are read for a term.</summary>
    internal const int Most = 1000;

    /// <summary>Number of logs, matching or not, that a page of a common term is searched in.</summary>
    internal const int LogsPerPage = 20_000;

    /// <summary>The term as texts are compared with it.</summary>
    internal required string Term { get; init; }

    /// <summary>The term if it is a whole e-mail address, which is found even where no contact has it.</summary>
    internal string? Email { get; init; }

    internal required IReadOnlyList<FoundEmail> ContactEmails { get; init; }
    internal required bool HasMoreContactEmails { get; init; }
    internal required IReadOnlyList<FoundCampaign> Campaigns { get; init; }
    internal required IReadOnlyList<string> EventTypes { get; init; }
    internal required IReadOnlyList<WebhookLogKey> Logs { get; init; }
    internal required bool HasMoreLogs { get; init; }

    /// <summary>False for a common term: some matches were not read. The count of logs is then only a lower bound.</summary>
    internal bool IsComplete => !HasMoreContactEmails && !HasMoreLogs;

    /// <summary>Looks up what the filter's search term matches. Null if the filter has no search term.</summary>
    internal static async Task<WebhookLogSearch?> FindAsync(
        DatabaseSession session, WebhookLogFilter filter, CancellationToken cancellationToken)
    {
        if (SearchTerm.Of(filter.Search) is not { } term)
        {
            return null;
        }
        var statement = FindStatement(SessionScope.Of(session), filter.OrganizationId, term);
        var (emails, campaigns, logs) = await session.QueryMultipleAsync(
            statement.Sql,
            statement.Arguments,
            async (results, token) => (
                await results.ReadAsync<FoundEmail>(token), await results.ReadAsync<FoundCampaign>(token),
                await results.ReadAsync<WebhookLogKey>(token)),
            cancellationToken);
        return new()
        {
            Term = term.Text,
            Email = Emails.IsValid(filter.Search!) ? Emails.Normalize(filter.Search!) : null,
            ContactEmails = [.. emails.Take(Most)],
            HasMoreContactEmails = emails.Count > Most,
            Campaigns = campaigns,
            // Only events of known types are processed. Logs of other types are logs without effect, which Logs contains.
            EventTypes = [.. KnownTypes.All.Select(type => type.Name).Where(name => name.Contains(term.Text, StringComparison.Ordinal))],
            Logs = [.. logs.Take(Most)],
            HasMoreLogs = logs.Count > Most,
        };
    }

    internal static Statement FindStatement(SessionScope scope, Guid? wantedOrganizationId, SearchTerm term)
    {
        var organizationId = scope.OrganizationId ?? wantedOrganizationId;
        return new(
            $"""
            select organization_id, email_norm from app.search_contact_emails(@organizationId, @pattern, @most);

            select c.organization_id, c.id
            from app.campaign c
            where {(organizationId is null ? "true" : "c.organization_id = @organizationId")} and app.search_text(c.name) like @pattern;

            select organization_id, created_at, id from app.search_webhook_logs_without_effect(@organizationId, @pattern, @most);
            """,
            new { organizationId, pattern = term.Pattern, most = Most + 1 });
    }

    internal sealed record FoundEmail
    {
        public Guid OrganizationId { get; init; }
        public string EmailNorm { get; init; } = "";
    }

    internal sealed record FoundCampaign
    {
        public Guid OrganizationId { get; init; }
        public Guid Id { get; init; }
    }
}
