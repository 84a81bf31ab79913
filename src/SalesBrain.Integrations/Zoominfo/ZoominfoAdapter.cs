using System.Net;
using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Zoominfo;

/// <summary>
/// ZoomInfo: contact search, which is free and returns no contact data, then enrichment where the job asks for it. Both APIs behind one
/// interface (<see cref="IZoominfoApi"/>).
/// </summary>
internal sealed class ZoominfoAdapter(SourceCalls calls, IZoominfoApi api, ZoominfoConfig config, SourceRequest job) : ISourceAdapter
{
    internal const string Vendor = "ZoomInfo";

    /// <summary>People per enrichment request.</summary>
    private const int BulkSize = 25;

    /// <summary>People enriched per page: as many credits a crash can spend twice.</summary>
    private const int MaxEnriched = 50;

    public Task<SourceTest> TestAsync(CancellationToken cancellationToken) => SourceCalls.TestAsync(async () =>
    {
        calls.Begin();
        var response = await api.TestAsync(cancellationToken);
        response.ReadJson().Member("data").ArrayOrThrow(Vendor);
        return new SourceTest(true, "ok", "ZoomInfo accepts the credentials.", SourceCalls.Quota(
            response, ("limit", "X-RateLimit-Limit"), ("left", "X-RateLimit-Remaining"), ("records_limit", "X-Usage-Record-Limit-Total"),
            ("records_left", "X-Usage-Record-Limit-Remaining"), ("requests_limit", "X-Usage-Request-Limit-Total"),
            ("requests_left", "X-Usage-Request-Limit-Remaining")));
    });

    public async Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        var at = cursor is null ? new ZoominfoCursor(1, 0, config.PageSize) : Cursors.Read<ZoominfoCursor>(cursor);
        if (job is { Reveal: true, MaxCredits: <= 0 })
        {
            return new SourcePage([], null, null, [], Stopped: SourceStops.MaxCredits);
        }
        if (at.Page > api.MaxPages)
        {
            return new SourcePage([], null, null, [], Stopped: SourceStops.VendorLimit);
        }
        calls.Begin();
        var (all, total) = await api.SearchAsync(ZoominfoFilters.Read(job.Filters), at.Page, at.Size, cancellationToken);
        var take = job.Reveal ? Math.Min(limit, Math.Min(MaxEnriched, job.MaxCredits ?? MaxEnriched)) : limit;
        var people = all.Skip(at.Skip).Take(take).ToList();

        var (read, credits) = job.Reveal ? await EnrichAsync(people, cancellationToken) : (people, 0);
        var done = at.Skip + read.Count;
        var next = done < all.Count ? at with { Skip = done }
            : all.Count > 0 && (total is { } known ? (long)at.Page * at.Size < known : all.Count == at.Size) ? at with { Page = at.Page + 1, Skip = 0 }
            : null;
        var stopped = next is null ? null
            : job.Reveal && job.MaxCredits is { } ceiling && credits >= ceiling ? SourceStops.MaxCredits
            : next.Page > api.MaxPages ? SourceStops.VendorLimit
            : null;
        return new SourcePage(
            read.Select(ZoominfoPerson.Read).OfType<SourcePerson>().ToList(),
            next is null || stopped is not null ? null : Cursors.Write(next), total, [], credits, stopped);
    }

    /// <summary>After the first request, a failure ends the page instead of losing what was paid for.</summary>
    private async Task<(List<JsonElement> People, int Credits)> EnrichAsync(List<JsonElement> people, CancellationToken cancellationToken)
    {
        var (read, credits) = (new List<JsonElement>(people.Count), 0);
        foreach (var some in people.Chunk(BulkSize))
        {
            try
            {
                var enriched = await api.EnrichAsync([.. some.Select(person => person.Text("id")).OfType<string>()], cancellationToken);
                read.AddRange(
                    some.Select(person => person.Text("id") is { } id && enriched.TryGetValue(id, out var match) ? match : person));
                credits += enriched.Count;
            }
            catch (SourceException) when (read.Count > 0)
            {
                break;
            }
        }
        return (read, credits);
    }
}

/// <param name="Page">The vendor's page, from 1.</param>
/// <param name="Skip">People of that page that were read.</param>
/// <param name="Size">People per page.</param>
internal sealed record ZoominfoCursor(int Page, int Skip, int Size);

/// <summary>What the adapter needs of either API. People are objects with an <c>id</c>.</summary>
internal interface IZoominfoApi
{
    /// <summary>Pages that the API shows of one search.</summary>
    int MaxPages { get; }

    Task<OutboundResponse> TestAsync(CancellationToken cancellationToken);

    Task<(List<JsonElement> People, long? Total)> SearchAsync(
        IReadOnlyDictionary<string, string> filters, int page, int size, CancellationToken cancellationToken);

    /// <summary>The people that were found, by id. Each costs a credit.</summary>
    Task<Dictionary<string, JsonElement>> EnrichAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);
}

/// <summary>Sends requests with a token, which is requested again once if the vendor refuses it before its time.</summary>
internal static class ZoominfoCalls
{
    internal static async Task<OutboundResponse> WithTokenAsync(Func<bool, Task<OutboundResponse>> send)
    {
        var response = await send(false);
        if (response.Status == HttpStatusCode.Unauthorized)
        {
            response = await send(true);
        }
        return response.OrThrow(ZoominfoAdapter.Vendor);
    }

    internal static readonly string[] OutputFields =
    [
        "id", "firstName", "lastName", "email", "phone", "mobilePhone", "directPhoneDoNotCall", "mobilePhoneDoNotCall", "jobTitle", "city",
        "region", "state", "country", "companyName", "companyId", "externalUrls", "contactAccuracyScore", "withinEu", "withinCalifornia",
        "lastUpdatedDate", "validDate",
    ];
}
