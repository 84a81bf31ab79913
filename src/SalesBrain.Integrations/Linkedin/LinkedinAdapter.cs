using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Linkedin;

/// <summary>
/// LinkedIn Lead Sync: the answers that people gave in lead forms of an ad account. Profiles are never read: LinkedIn's user agreement
/// forbids that.
/// </summary>
internal sealed class LinkedinAdapter(
    SourceCalls calls, SourceOptions options, TimeProvider clock, LinkedinConfig config, LinkedinCredentials credentials, SourceRequest job) : ISourceAdapter
{
    private const string Vendor = "LinkedIn";

    private const string Fields = "owner,leadType,versionedLeadGenFormUrn,id,submittedAt,testLead,formResponse,form:(hiddenFields,creationLocale,name,id,content)";

    public Task<SourceTest> TestAsync(CancellationToken cancellationToken) => SourceCalls.TestAsync(async () =>
    {
        calls.Begin();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var found = (await SendAsync(now - (long)TimeSpan.FromDays(1).TotalMilliseconds, now, 0, 1, cancellationToken)).ReadJson();
        found.Member("elements").ArrayOrThrow(Vendor);
        return new SourceTest(true, "ok", "LinkedIn accepts the token for this ad account.");
    });

    public async Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        var at = cursor is null ? First() : Cursors.Read<LinkedinCursor>(cursor);
        calls.Begin();
        var count = Math.Min(limit, config.PageSize);
        var found = (await SendAsync(at.From, at.To, at.Start, count, cancellationToken)).ReadJson();
        var leads = found.Member("elements").ArrayOrThrow(Vendor).EnumerateArray().ToList();
        var total = found.Member("paging")?.Number("total");
        var people = leads.Where(lead => lead.Bool("testLead") is not true).Select(LinkedinPerson.Read).OfType<SourcePerson>().ToList();
        var next = at with { Start = at.Start + leads.Count };
        var isLast = leads.Count == 0 || (total is { } all ? next.Start >= all : leads.Count < count);
        return new SourcePage(people, isLast ? null : Cursors.Write(next), total, []);
    }

    /// <summary>A job's time range stays the same, so that leads submitted meanwhile do not shift the pages.</summary>
    private LinkedinCursor First()
    {
        var to = clock.GetUtcNow();
        return new LinkedinCursor(
            0, (to - TimeSpan.FromDays(LinkedinFilters.Read(job.Filters).Days)).ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
    }

    private async Task<OutboundResponse> SendAsync(long from, long to, int start, int count, CancellationToken cancellationToken)
    {
        // Parentheses, colons and commas are LinkedIn's own syntax and stay as they are.
        var query = $"q=owner&owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A{config.AccountId})&leadType=(leadType:{config.LeadType})"
            + $"&limitedToTestLeads=false&submittedAtTimeRange=(start:{from},end:{to})&fields={Fields}&count={count}&start={start}";
        var response = await calls.SendAsync(
            url =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.Authorization = new("Bearer", credentials.AccessToken);
                request.Headers.Add("LinkedIn-Version", options.LinkedinVersion);
                request.Headers.Add("X-Restli-Protocol-Version", "2.0.0");
                return request;
            },
            new UriBuilder(options.LinkedinUrl.Below("rest/leadFormResponses")) { Query = query }.Uri, isFree: true, cancellationToken);
        return (int)response.Status switch
        {
            426 => throw new SourceException(
                SourceErrors.BadRequest,
                $"LinkedIn has retired version {options.LinkedinVersion} of its API: change Sources__LinkedinVersion."),
            _ => response.OrThrow(Vendor),
        };
    }
}

/// <param name="Start">Leads that were read.</param>
/// <param name="From">First instant of the job's time range, in Unix milliseconds.</param>
/// <param name="To">Last instant.</param>
internal sealed record LinkedinCursor(int Start, long From, long To);
