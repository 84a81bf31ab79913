using System.Net;
using System.Text;
using System.Text.Json;
using SalesBrain.Integrations.Json;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Apollo;

/// <summary>
/// Apollo.io: people search, which is free and returns no e-mail addresses, then enrichment where the job asks for them. Enrichment costs a
/// credit per person and is never repeated by itself: a page that fails after some people were enriched ends with them.
/// </summary>
internal sealed class ApolloAdapter(
    SourceCalls calls, SourceOptions options, ApolloConfig config, ApolloCredentials credentials, SourceRequest job)
    : ISourceAdapter
{
    private const string Vendor = "Apollo";

    /// <summary>Apollo shows 50,000 people of one search.</summary>
    private const int MaxPages = 500;

    /// <summary>People per enrichment request.</summary>
    private const int BulkSize = 10;

    /// <summary>People enriched per page: as many credits a crash can spend twice.</summary>
    private const int MaxEnriched = 50;

    public Task<SourceTest> TestAsync(CancellationToken cancellationToken) => SourceCalls.TestAsync(async () =>
    {
        calls.Begin();
        var response = (await SendAsync(HttpMethod.Get, "v1/auth/health", [], null, isFree: true, cancellationToken)).OrThrow(Vendor);
        var health = response.ReadJson();
        if (health.Bool("is_logged_in") is not true)
        {
            // Apollo returns 200 for some bad keys.
            return health.Bool("is_logged_in") is false
                ? new SourceTest(false, SourceErrors.InvalidCredentials, "Apollo refuses the API key.")
                : new SourceTest(false, SourceErrors.Schema, "The response of Apollo has an unexpected form.");
        }
        return new SourceTest(true, "ok", "Apollo accepts the API key.", SourceCalls.Quota(
            response, ("minute_limit", "x-rate-limit-minute"), ("minute_left", "x-minute-requests-left"),
            ("hour_limit", "x-rate-limit-hourly"), ("hour_left", "x-hourly-requests-left"), ("day_limit", "x-rate-limit-24-hour"),
            ("day_left", "x-24-hour-requests-left")));
    });

    public async Task<SourcePage> FetchAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        var at = cursor is null ? new ApolloCursor(1, 0, config.PageSize) : Cursors.Read<ApolloCursor>(cursor);
        if (job is { Reveal: true, MaxCredits: <= 0 })
        {
            return new SourcePage([], null, null, [], Stopped: SourceStops.MaxCredits);
        }
        if (at.Page > MaxPages)
        {
            return new SourcePage([], null, null, [], Stopped: SourceStops.VendorLimit);
        }
        calls.Begin();
        // A page keeps its size until the job ends: another size would shift the pages.
        var response = (await SendAsync(
            HttpMethod.Post, "api/v1/mixed_people/api_search",
            [.. ApolloFilters.Read(job.Filters), new("page", $"{at.Page}"), new("per_page", $"{at.Size}")], null, isFree: true,
            cancellationToken)).OrThrow(Vendor);
        var found = response.ReadJson();
        var all = found.Member("people").ArrayOrThrow(Vendor).EnumerateArray().ToList();
        var total = found.Number("total_entries") ?? found.Member("pagination")?.Number("total_entries");
        var rest = all.Skip(at.Skip).ToList();
        var take = job.Reveal ? Math.Min(limit, Math.Min(MaxEnriched, job.MaxCredits ?? MaxEnriched)) : limit;
        var people = rest.Take(take).ToList();

        var (read, credits) = job.Reveal ? await EnrichAsync(people, cancellationToken) : (people.ConvertAll(ApolloPerson.Read), 0);
        var done = at.Skip + read.Count;
        var next = done < all.Count ? at with { Skip = done }
            : all.Count > 0 && !IsLast(at, all.Count, total) ? at with { Page = at.Page + 1, Skip = 0 }
            : null;
        var stopped = next is null ? null
            : job.Reveal && job.MaxCredits is { } ceiling && credits >= ceiling ? SourceStops.MaxCredits
            : next.Page > MaxPages ? SourceStops.VendorLimit
            : null;
        return new SourcePage(
            read.OfType<SourcePerson>().ToList(), next is null || stopped is not null ? null : Cursors.Write(next), total, [], credits,
            stopped);
    }

    private static bool IsLast(ApolloCursor at, int count, long? total) =>
        total is { } all ? (long)at.Page * at.Size >= all : count < at.Size;

    /// <summary>Enriches people ten at a time. After the first ten, a failure ends the page instead of losing what was paid for.</summary>
    private async Task<(List<SourcePerson?> People, int Credits)> EnrichAsync(List<JsonElement> people, CancellationToken cancellationToken)
    {
        var (read, credits) = (new List<SourcePerson?>(people.Count), 0);
        foreach (var some in people.Chunk(BulkSize))
        {
            try
            {
                var details = some.Select(person => new { id = person.Text("id") }).ToList();
                var response = (await SendAsync(
                    HttpMethod.Post, "api/v1/people/bulk_match", [], JsonSerializer.SerializeToUtf8Bytes(new { details }), isFree: false,
                    cancellationToken)).OrThrow(Vendor);
                var answer = response.ReadJson();
                var matches = answer.Member("matches").ArrayOrThrow(Vendor).EnumerateArray().ToList();
                var byId = matches.Where(match => match.Text("id") is not null).DistinctBy(match => match.Text("id"))
                    .ToDictionary(match => match.Text("id")!);
                read.AddRange(some.Select(person =>
                    person.Text("id") is { } id && byId.TryGetValue(id, out var match)
                        ? ApolloPerson.Read(match)
                        : ApolloPerson.Read(person)));
                // Pessimistic if Apollo does not say: a match costs a credit.
                credits += (int)(answer.Number("credits_consumed") ?? byId.Count);
            }
            catch (SourceException) when (read.Count > 0)
            {
                break;
            }
        }
        return (read, credits);
    }

    private async Task<OutboundResponse> SendAsync(
        HttpMethod method, string path, IEnumerable<KeyValuePair<string, string>> query, byte[]? body, bool isFree, CancellationToken cancellationToken)
    {
        var response = await calls.SendAsync(
            url =>
            {
                var request = new HttpRequestMessage(method, url);
                request.Headers.Add("x-api-key", credentials.ApiKey);
                request.Headers.Add("Accept", "application/json");
                if (method == HttpMethod.Post)
                {
                    request.Content = new ByteArrayContent(body ?? Encoding.UTF8.GetBytes("{}"));
                    request.Content.Headers.ContentType = new("application/json");
                }
                return request;
            },
            options.ApolloUrl.Below(path).WithQuery(query), isFree, cancellationToken);
        return response.Status == HttpStatusCode.UnprocessableEntity
            ? throw new SourceException(SourceErrors.BadRequest, "Apollo refuses the search's filters.")
            : response;
    }
}

/// <param name="Page">The vendor's page, from 1.</param>
/// <param name="Skip">People of that page that were read.</param>
/// <param name="Size">People per page.</param>
internal sealed record ApolloCursor(int Page, int Skip, int Size);
