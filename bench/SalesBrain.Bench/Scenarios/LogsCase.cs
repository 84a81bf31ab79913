using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>One list of logs to measure; <paramref name="Page"/> is reached by cursor.</summary>
internal sealed record LogsCase(string Name, string Query, bool AsOperator = false, int Page = 1)
{
    /// <summary>A search term that matches the e-mail addresses of contacts without logs.</summary>
    public const string WithoutLogs = "former";

    private const string Path = "/api/admin/webhooks/logs?";

    /// <summary>The first page and a deep one, each filter alone, and the same as the operator of all organizations.</summary>
    public static IReadOnlyList<LogsCase> All(DateTime until)
    {
        var organization = BenchWorld.Id(LogDataSet.LargestOrganization);
        var campaign = new Guid(Convert.ToHexString(Md5($"{organization} campaign 7")));
        return
        [
            new("no filter", ""),
            new("no filter, page 1,000 of 20", "limit=20", Page: 1000),
            new("event_type, frequent", "event_type=email.sent"),
            new("event_type, rare", "event_type=lead.meeting_booked"),
            new("event_source", "event_source=zapier"),
            new("campaign_id", $"campaign_id={campaign}"),
            new("status, frequent", "status=processed"),
            new("status, rare", "status=failed"),
            new("contact_email", "contact_email=lead7%40example.org"),
            new("search", "search=lead77"),
            new("search, nothing found", "search=nobody-of-this-name"),
            new("a week", $"date_from={until.AddDays(-60):yyyy-MM-dd}&date_to={until.AddDays(-53):yyyy-MM-dd}"),
            new("operator, no filter", "", AsOperator: true),
            new("operator, no filter, page 1,000 of 20", "limit=20", AsOperator: true, Page: 1000),
            new("operator, organization_id", $"organization_id={organization}", AsOperator: true),
            new("operator, event_type, rare", "event_type=lead.meeting_booked", AsOperator: true),
            new("operator, status, rare", "status=failed", AsOperator: true),
            new("operator, search", "search=lead77", AsOperator: true),
            new("operator, search, every contact", "search=lead", AsOperator: true),
            new("operator, search, contacts without logs", $"search={WithoutLogs}", AsOperator: true),
        ];
    }

    public bool IsSearch => Query.StartsWith("search=", StringComparison.Ordinal);

    public string TokenFor(SalesBrainHost host)
    {
        var organization = BenchWorld.Id(LogDataSet.LargestOrganization);
        return AsOperator ? host.TokenFor(BenchWorld.Operator, Role.SbAdmin, null) : host.TokenFor(organization, Role.Owner, organization);
    }

    /// <summary>
    /// Walks to the page and answers its address. Throws <see cref="InvalidOperationException"/> when there are not so many.
    /// </summary>
    public async Task<string> FindPageAsync(SalesBrainHost host, CancellationToken cancellationToken)
    {
        var path = Path + Query;
        for (var page = 1; page < Page; page++)
        {
            using var answer = JsonDocument.Parse(await host.GetAsync(path, TokenFor(host), cancellationToken));
            var cursor = answer.RootElement.GetProperty("data").GetProperty("next_cursor").GetString()
                ?? throw new InvalidOperationException($"{Name}: page {page} is the last one.");
            path = $"{Path}{Query}&cursor={Uri.EscapeDataString(cursor)}";
        }
        return path;
    }

    /// <summary>As the data set makes ids.</summary>
    private static byte[] Md5(string text)
    {
#pragma warning disable CA5351 // PostgreSQL's md5() names rows here; nothing is protected by it.
        return MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351
    }
}
