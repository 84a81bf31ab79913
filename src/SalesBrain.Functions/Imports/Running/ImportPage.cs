using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SalesBrain.Core.Imports;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Data.Imports.Running;
using SalesBrain.Integrations;

namespace SalesBrain.Functions.Imports.Running;

/// <summary>A page of a source as <c>app.apply_import_page</c> takes it: cleaned, and without what cannot be stored.</summary>
internal sealed partial record ImportPage
{
    /// <summary>Rows with problems that a page logs one by one.</summary>
    private const int MostLogged = 100;

    private const int MaxExternalId = 200;

    public required IReadOnlyList<ImportPerson> People { get; init; }
    public string? Cursor { get; init; }
    public string? NextCursor { get; init; }
    public long? Total { get; init; }
    public required long Credits { get; init; }
    public required long WorkedMs { get; init; }
    public required int Failed { get; init; }
    public required long LastProblemLine { get; init; }
    public required IReadOnlyList<LogLine> Lines { get; init; }

    /// <summary>Whose ids the people's external ids are: a vendor's are the same in all of its sources.</summary>
    public required string IdSource { get; init; }
    public required string Source { get; init; }
    public required object SourceInfo { get; init; }
    public required bool UpdateExisting { get; init; }
    public int? Limit { get; init; }
    public int? MaxCredits { get; init; }

    /// <summary>The page as JSON.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, ColumnJson.Options);

    internal static ImportPage Of(
        ClaimedJob job, ImportParameters parameters, SourcePage page, string? cursor, int most, AddressHashes hashes, TimeSpan worked, DateTimeOffset now)
    {
        var lines = new List<LogLine>();
        var problems = page.Problems.Take(most).ToList();
        var failed = problems.Count;
        foreach (var problem in problems)
        {
            Log(lines, problem.Line, problem.Column, problem.Code, "could not be read");
        }
        var people = new List<ImportPerson>();
        var leaders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (found, position) in page.People.Take(most - failed).Select((person, index) => (person, index + 1)))
        {
            var email = Emails.Clean(found.Email);
            var person = Clean(found, email, now) with
            {
                EmailHashes = email is null
                    ? null
                    : [.. hashes.FindBy(job.OrganizationId, email.Norm).Select(hash => @"\x" + Convert.ToHexStringLower(hash))],
            };
            if (found.Email is not null && email is null)
            {
                Log(lines, position, "email", "email_invalid", "has no usable address");
            }
            if (person is { ExternalId: null, EmailNorm: null } && LinkedinKey(person.LinkedinUrl) is null)
            {
                failed++;
                Log(lines, position, null, "no_identifier", "has neither an id, an address nor a LinkedIn profile");
                continue;
            }
            people.Add(Lead(person with { Number = people.Count }, leaders));
        }
        if (lines.Count > MostLogged)
        {
            lines = [.. lines.Take(MostLogged), new("warning", $"{lines.Count - MostLogged} more rows of the page have problems.", null)];
        }
        if (page.Stopped is { } stopped)
        {
            lines.Add(new(
                "warning", $"The source ended before its last person ({LogText.Clean(stopped)}).", new { code = LogText.Clean(stopped) }));
        }
        return new ImportPage
        {
            People = people,
            Cursor = cursor,
            NextCursor = page.NextCursor,
            Total = page.Total is { } total && parameters.Limit < total ? parameters.Limit : page.Total,
            Credits = page.Credits,
            WorkedMs = (long)worked.TotalMilliseconds,
            Failed = failed,
            LastProblemLine = problems.Count == 0 ? 0 : problems.Max(problem => problem.Line),
            Lines = lines,
            IdSource = job.DataSourceType is "api" or "csv" ? $"{job.DataSourceType}:{job.DataSourceId}" : job.DataSourceType,
            Source = job.DataSourceType,
            SourceInfo = new { job.DataSourceId, DataSource = job.DataSourceName, ImportJobId = job.Id },
            UpdateExisting = parameters.UpdateExisting,
            Limit = parameters.Limit,
            MaxCredits = parameters.Reveal ? parameters.MaxCredits : null,
        };
    }

    private static void Log(List<LogLine> lines, long line, string? column, string code, string what) =>
        lines.Add(
            new(
                "warning", $"Row {line} {what} ({LogText.Clean(code)}).",
                new { line, column = column is null ? null : LogText.Clean(column), code = LogText.Clean(code) }));

    private static ImportPerson Clean(SourcePerson person, EmailAddress? email, DateTimeOffset now) => new()
    {
        NewContactId = Guid.CreateVersion7(now),
        NewLeadId = Guid.CreateVersion7(now),
        ExternalId = ExternalId(person.ExternalId),
        Email = email?.Address,
        EmailNorm = email?.Norm,
        FirstName = NameText.Clean(person.FirstName, 200),
        LastName = NameText.Clean(person.LastName, 200),
        Company = NameText.Clean(person.Company, 200),
        Title = NameText.Clean(person.Title, 200),
        Phone = NameText.Clean(person.Phone, 100),
        LinkedinUrl = LinkedinUrl(person.LinkedinUrl),
        City = NameText.Clean(person.City, 200),
        Region = NameText.Clean(person.Region, 200),
        Country = NameText.Clean(person.Country, 200),
        SourceData = new SourceData(
            ExternalId(person.ExternalId),
            person.EmailVerified ? true : null,
            person.Data is { } data && StorableJson.AreStorable(data) && FreeJson.IsShallow(data) && FreeJson.IsSmall(data) ? data : null),
    };

    /// <summary>
    /// The person with the first person of the page that shares an identifier: the id, else the address, else the LinkedIn profile.
    /// </summary>
    private static ImportPerson Lead(ImportPerson person, Dictionary<string, int> leaders)
    {
        string[] keys =
        [
            .. person.ExternalId is { } id ? [$"id {id}"] : Array.Empty<string>(),
            .. person.EmailNorm is { } email ? [$"email {email}"] : Array.Empty<string>(),
            .. LinkedinKey(person.LinkedinUrl) is { } profile ? [$"linkedin {profile}"] : Array.Empty<string>(),
        ];
        var leader = keys.Where(leaders.ContainsKey).Select(key => (int?)leaders[key]).FirstOrDefault() ?? person.Number;
        foreach (var key in keys)
        {
            leaders.TryAdd(key, leader);
        }
        return person with { Leader = leader };
    }

    /// <summary>An id that is too long is known by its hash: half an id would be somebody else's.</summary>
    private static string? ExternalId(string? id) =>
        string.IsNullOrWhiteSpace(id) ? null
        : id.Length > MaxExternalId || id.Contains('\0', StringComparison.Ordinal) ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)))
        : id.Trim();

    private static string? LinkedinUrl(string? url)
    {
        var text = url?.Trim();
        if (string.IsNullOrEmpty(text) || text.Length > 2000)
        {
            return null;
        }
        var absolute = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return new WebAddressAttribute().IsValid(absolute) ? absolute : null;
    }

    /// <summary>As <c>app.linkedin_key</c>, for people of one page; the database decides about others.</summary>
    private static string? LinkedinKey(string? url) =>
        url is not null && Profile().Match(url) is { Success: true } match ? match.Groups["profile"].Value.ToLowerInvariant() : null;

    [GeneratedRegex(
        @"^\s*(?:[Hh][Tt][Tt][Pp][Ss]?://)?(?:[A-Za-z0-9-]+\.)*[Ll]inked[Ii]n\.com/(?:[A-Za-z]{2}/)?in/(?<profile>[^/?#\s]+)",
        RegexOptions.NonBacktracking)]
    private static partial Regex Profile();
}

/// <summary>A person of a page, by the names of the type <c>app.import_person</c>.</summary>
internal sealed record ImportPerson
{
    public int Number { get; init; }
    public int Leader { get; init; }
    public Guid NewContactId { get; init; }
    public Guid NewLeadId { get; init; }
    public string? ExternalId { get; init; }
    public string? Email { get; init; }
    public string? EmailNorm { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Company { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
    public string? LinkedinUrl { get; init; }
    public string? City { get; init; }
    public string? Region { get; init; }
    public string? Country { get; init; }
    public SourceData? SourceData { get; init; }

    /// <summary>As PostgreSQL reads bytes.</summary>
    public IReadOnlyList<string>? EmailHashes { get; init; }
}

/// <summary>What of the source is kept with the lead.</summary>
internal sealed record SourceData(string? ExternalId, bool? EmailVerified, JsonElement? Data);

/// <summary>A line of a job's log.</summary>
internal sealed record LogLine(string Level, string Message, object? Data);
