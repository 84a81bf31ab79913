using Dapper;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving;
using SalesBrain.Data.Sessions;
using static SalesBrain.Data.Paging.SqlText;

namespace SalesBrain.Data.Webhooks.Log;

/// <summary>
/// Builds the SQL that finds the keys of the logs that match a filter, newest first. It contains only the conditions that are set, so that
/// each statement can use the best index. An index is sorted newest first for one organization and one value of one column. If there are
/// several values (a platform operator sees all organizations, a filter has three types, a search term matches four kinds of logs), the
/// newest logs of each value are read in index order and merged. This SQL reads only keys, because the indexes contain them; the caller
/// reads the rows by key. If this SQL read whole rows, the planner would read the logs of all organizations by time and discard most of
/// them. The SQL must be planned for each execution (<see cref="PlanEachTime"/>): the best plan depends on the parameters.
/// </summary>
internal sealed class WebhookLogSelection
{
    /// <summary>
    /// Precedes each statement that contains this SQL. The best plan depends on the parameters, such as how rare a type is, and a partial
    /// index is used only if the planner knows the status. A generic plan would be bad for most of them.
    /// </summary>
    internal const string PlanEachTime = "select set_config('plan_cache_mode', 'force_custom_plan', true);";

    private const string EachOrganization = "app.organization o";
    private const string Status = "l.status";

    // The planner has no statistics for strpos. It assumes that a third of the logs match, and reads newest first: best for a common term.
    private const string EmailMatches = "strpos(app.search_text(l.contact_email_norm), @term) > 0";
    private const string TextMatches =
        "strpos(app.search_text(concat_ws(e'\\n', l.contact_email_norm, l.campaign_name, l.event_type, l.error_code, "
        + "l.error_message)), @term) > 0";

    private readonly Guid? _organizationId;
    private readonly List<string> _range = [];
    private readonly List<string> _conditions = [];
    private readonly List<Arm> _listed = [];
    private readonly List<Arm> _counted = [];

    internal WebhookLogSelection(SessionScope scope, WebhookLogFilter filter, WebhookLogSearch? search)
    {
        _organizationId = scope.OrganizationId ?? filter.OrganizationId;
        if (_organizationId is not null)
        {
            Require("l.organization_id = @organizationId", "organizationId", _organizationId);
        }
        if (filter.OrganizationId is { } wanted && wanted != _organizationId)
        {
            _conditions.Add("false");
        }
        if (filter.DateFrom is { } from)
        {
            Require("l.created_at >= @dateFrom", "dateFrom", from);
        }
        if (filter.DateTo is { } to)
        {
            Require("l.created_at < @dateTo", "dateTo", to);
        }
        _range = [.. _conditions];
        if (filter.CampaignId is { } campaignId)
        {
            Require("l.campaign_id = @campaignId", "campaignId", campaignId);
        }
        if (filter.ContactEmail is { } email)
        {
            Require("l.contact_email_norm = @contactEmail", "contactEmail", Emails.Normalize(email));
        }
        if (search is null)
        {
            AddPlainArm(filter);
        }
        else
        {
            RequireOneOf(filter, spread: null);
            AddSearchArms(search);
        }
    }

    internal DynamicParameters Parameters { get; } = new();

    /// <summary>
    /// The SQL for the keys of at most <paramref name="limit"/> matching logs, newest first. It starts after the log
    /// <paramref name="after"/>, if set, skips <paramref name="offset"/> logs, and does not look at logs received before
    /// <paramref name="searchedFrom"/>, if set.
    /// </summary>
    internal string Keys(int limit, int offset = 0, Guid? after = null, DateTime? searchedFrom = null)
    {
        Parameters.Add("limit", limit);
        Parameters.Add("offset", offset);
        Parameters.Add("reach", limit + offset);
        List<string> conditions = [.. _conditions];
        AddAfter(conditions, after);
        if (searchedFrom is { } from)
        {
            Parameters.Add("searchedFrom", from);
            conditions.Add("l.created_at >= @searchedFrom");
        }
        var arms = _listed.Select(arm => arm.Sql(conditions, "@reach", ofEach: true));
        return $"""
            select m.organization_id, m.created_at, m.id
            from {Parenthesized(string.Join("\nunion\n", arms))} m
            order by m.created_at desc, m.id desc
            limit @limit offset @offset
            """;
    }

    /// <summary>
    /// The SQL for the time of the last of the newest <paramref name="logs"/> logs, starting after the log <paramref name="after"/>, if
    /// set. No row if there are no older logs. Counts all logs in the filter's organization and range of time, so that it reads one index
    /// and no rows.
    /// </summary>
    internal string TimeOfLast(int logs, Guid? after)
    {
        Parameters.Add("last", logs - 1);
        List<string> conditions = [.. _range];
        AddAfter(conditions, after);
        return $"""
            select max(n.created_at)
            from (
                select l.created_at
                from app.webhook_log l
                where {string.Join(" and ", conditions.DefaultIfEmpty("true"))}
                order by l.created_at desc, l.id desc
                limit 2 offset @last
            ) n
            having count(*) = 2
            """;
    }

    /// <summary>
    /// The SQL that counts the matching logs, at most <see cref="BoundedCount.Probe"/>. It reads newest first as well, because the newest
    /// logs are in memory, and the partitions of older months are then not read.
    /// </summary>
    internal string Count()
    {
        var probe = BoundedCount.Probe.ToString();
        var arms = _counted.Select(arm => arm.Sql(_conditions, probe));
        return $"""
            select count(*)
            from (
                select
                from {Indented(Parenthesized(string.Join("\nunion\n", arms)))} m
                limit {probe}
            ) counted
            """;
    }

    private void AddPlainArm(WebhookLogFilter filter)
    {
        var spread = filter switch
        {
            // A contact or a campaign has few logs. They are read by its index, and the other filters are applied to them.
            { ContactEmail: not null } or { CampaignId: not null } => null,
            { Statuses.Count: > 1 } when HasNoProcessed(filter) => Status,
            { EventTypes.Count: > 1 } => "l.event_type",
            { EventSources.Count: > 1 } => "l.event_source",
            _ => null,
        };
        RequireOneOf(filter, spread);
        // If no filter has an index that begins with the organization, reading all organizations' logs by time is cheapest.
        var indexed = HasNoProcessed(filter) || filter.EventTypes.Count + filter.EventSources.Count > 0
            || filter is { ContactEmail: not null } or { CampaignId: not null };
        List<Arm> arms = spread switch
        {
            null => [new(null, "true")],
            // An arm for each status: with a value that it knows, the planner expects as many logs as there are.
            Status => [.. filter.Statuses.Distinct().Select((status, n) => OfStatus(status, n))],
            _ => [new("unnest(@spread::text[]) s (value)", $"{spread} = s.value")],
        };
        arms.ForEach(arm => Add(indexed ? InEachOrganization(arm) : arm));
    }

    private Arm OfStatus(string status, int number)
    {
        Parameters.Add($"status{number}", status);
        return new(null, $"{Status} = @status{number}");
    }

    /// <summary>
    /// Adds an arm for each kind of match of the search term. The union contains a log once, even if several arms find it.
    /// </summary>
    private void AddSearchArms(WebhookLogSearch search)
    {
        Parameters.Add("term", search.Term);

        if (search.ContactEmails.Count > 0)
        {
            Parameters.Add("emailOrganizationIds", search.ContactEmails.Select(email => email.OrganizationId).ToArray());
            Parameters.Add("emails", search.ContactEmails.Select(email => email.EmailNorm).ToArray());
            Arm found = new("""
                (select e.organization_id, array_agg(e.email) as emails
                from unnest(@emailOrganizationIds::uuid[], @emails::text[]) e (organization_id, email)
                group by e.organization_id) e
                """, "l.organization_id = e.organization_id and l.contact_email_norm = any (e.emails)");
            // The index sorts the logs of one address, so those of several would be read to the last and sorted before they are counted.
            _counted.Add(found with { InOrder = false });
            _listed.Add(search.HasMoreContactEmails ? new(null, EmailMatches) : found);
        }
        if (search.Email is { } address)
        {
            Parameters.Add("address", address);
            Add(InEachOrganization(new(null, "l.contact_email_norm = @address")));
        }
        if (search.Campaigns.Count > 0)
        {
            Parameters.Add("campaignOrganizationIds", search.Campaigns.Select(campaign => campaign.OrganizationId).ToArray());
            Parameters.Add("campaignIds", search.Campaigns.Select(campaign => campaign.Id).ToArray());
            Add(new(
                "unnest(@campaignOrganizationIds::uuid[], @campaignIds::uuid[]) p (organization_id, id)",
                "l.organization_id = p.organization_id and l.campaign_id = p.id"));
        }
        if (search.EventTypes.Count > 0)
        {
            Parameters.Add("types", search.EventTypes.ToArray());
            Add(InEachOrganization(new("unnest(@types::text[]) t (value)", "l.event_type = t.value")));
        }
        if (search.Logs.Count > 0)
        {
            Parameters.Add("foundOrganizationIds", search.Logs.Select(log => log.OrganizationId).ToArray());
            Parameters.Add("foundCreatedAts", search.Logs.Select(log => log.CreatedAt).ToArray());
            Parameters.Add("foundIds", search.Logs.Select(log => log.Id).ToArray());
            Arm found = new(
                "unnest(@foundOrganizationIds::uuid[], @foundCreatedAts::timestamptz[], @foundIds::uuid[]) f "
                + "(organization_id, created_at, id)",
                "l.organization_id = f.organization_id and l.created_at = f.created_at and l.id = f.id");
            _counted.Add(found);
            _listed.Add(search.HasMoreLogs
                ? InEachOrganization(
                    new(
                        "unnest(array['ignored', 'failed', 'dead']) w (status)",
                        $"l.status = w.status and l.status <> 'processed' and {TextMatches}"))
                : found);
        }
        // Pending logs are few at any time. The trigram index does not contain them, so that storing a webhook does not write to it.
        Add(InEachOrganization(new(null, $"l.status = 'pending' and {TextMatches}")));
    }

    private void RequireOneOf(WebhookLogFilter filter, string? spread)
    {
        RequireOneOf("l.event_type", "eventTypes", filter.EventTypes, spread);
        RequireOneOf("l.event_source", "eventSources", filter.EventSources, spread);
        if (spread != Status)
        {
            RequireOneOf(Status, "statuses", filter.Statuses, spread);
        }
    }

    private void RequireOneOf(string column, string name, IReadOnlyList<string> values, string? spread)
    {
        var distinct = values.Distinct().ToArray();
        if (column == spread)
        {
            Parameters.Add("spread", distinct);
        }
        else if (distinct.Length == 1)
        {
            Require($"{column} = @{name}", name, distinct[0]);
        }
        else if (distinct.Length > 1)
        {
            Require($"{column} = any (@{name})", name, distinct);
        }
    }

    private void Require(string condition, string name, object value)
    {
        _conditions.Add(condition);
        Parameters.Add(name, value);
    }

    private void AddAfter(List<string> conditions, Guid? after)
    {
        if (after is { } id)
        {
            Parameters.Add("afterCreatedAt", WebhookLogIds.CreatedAt(id));
            Parameters.Add("afterId", id);
            conditions.Add("(l.created_at, l.id) < (@afterCreatedAt, @afterId)");
        }
    }

    private void Add(Arm arm)
    {
        _listed.Add(arm);
        _counted.Add(arm);
    }

    private Arm InEachOrganization(Arm arm) => _organizationId is not null ? arm : new(
        arm.Each is null ? EachOrganization : $"{EachOrganization} cross join {arm.Each}", $"l.organization_id = o.id and {arm.Where}");

    private static bool HasNoProcessed(WebhookLogFilter filter) => filter.Statuses.Count > 0 && !filter.Statuses.Contains("processed");

    /// <summary>
    /// A part of the union: reads logs newest first (or in any order), with <paramref name="Each"/> the newest logs of each row of that
    /// table.
    /// </summary>
    private sealed record Arm(string? Each, string Where, bool InOrder = true)
    {
        internal string Sql(IEnumerable<string> conditions, string limit, bool ofEach = false)
        {
            var logs = $"""
                select l.organization_id, l.created_at, l.id
                from app.webhook_log l
                where {string.Join(" and ", [.. conditions, Where])}{(InOrder ? "\norder by l.created_at desc, l.id desc" : "")}
                limit {limit}
                """;
            return Parenthesized(Each is null ? logs : $"""
                select a.*
                from {Each}
                cross join lateral {Parenthesized(logs)} a{(ofEach ? "" : $"\nlimit {limit}")}
                """);
        }
    }
}
